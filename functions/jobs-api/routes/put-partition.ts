import { putSettings } from '../../store/partitions.ts';
import { checkSettings, shownPartition } from '../partition-settings.ts';
import type { OperationHandler } from '../request.ts';

export const putPartition: OperationHandler<'putPartition'> = async (request, { table, clock }) => {
  const { parameters, body, header } = request;
  const { p: partition } = parameters;
  const state = await putSettings(table, partition, body, {
    now: clock.now(),
    check: (before) => checkSettings(header('If-Match'), partition, before),
  });
  return shownPartition(partition, state);
};

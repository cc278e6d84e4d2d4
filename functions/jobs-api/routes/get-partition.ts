import { readPartition } from '../../store/partitions.ts';
import { shownPartition } from '../partition-settings.ts';
import type { OperationHandler } from '../request.ts';

export const getPartition: OperationHandler<'getPartition'> = async ({ parameters }, { table }) => {
  const { p: partition } = parameters;
  return shownPartition(partition, await readPartition(table, partition, { strong: true }));
};

import { deleteJob as removeJob } from '../../store/delete-job.ts';
import { checkVersion } from '../etag.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const deleteJob: OperationHandler<'deleteJob'> = async ({ parameters, header }, { table, clock }) => {
  const key = { partition: parameters.p, job: parameters.j };
  const outcome = await removeJob(table, key, {
    now: clock.now(),
    check: (job) => checkVersion(header('If-Match'), job),
  });
  if (outcome === 'missing') throw noSuchJob(key);
  return { status: 204 };
};

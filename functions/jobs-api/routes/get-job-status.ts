import { readStatus } from '../../store/jobs.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';
import { CACHEABLE_STATUS } from '../status-caching.ts';

export const getJobStatus: OperationHandler<'getJobStatus'> = async ({ parameters: { p, j } }, { table }) => {
  const key = { partition: p, job: j };
  const found = await readStatus(table, key, { strong: true });
  if (found === undefined) throw noSuchJob(key);
  return { status: 200, body: found.status, headers: CACHEABLE_STATUS };
};

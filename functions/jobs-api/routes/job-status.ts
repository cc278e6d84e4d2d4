/** The status of one job, for callers that poll it. */
import type { JobStatus } from '#core/job-status.ts';
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

/** Statuses in which the job runs, or will run without a further request. */
const ACTIVE: readonly JobStatus[] = ['Waiting', 'Active', 'Blocked'];

export const isJobActive: OperationHandler<'isJobActive'> = async ({ parameters: { p, j } }, { table }) => {
  const found = await readStatus(table, { partition: p, job: j }, { strong: true });
  const isActive = found !== undefined && ACTIVE.includes(found.status);
  return { status: 200, body: isActive, headers: CACHEABLE_STATUS };
};

/** Counts and rates over the jobs that match a filter. */
import type { JobStatsView } from '#contract/job-stats-view.ts';
import { MINUTE_MILLIS, roundedRate } from '#contract/quantities.ts';
import type { Job } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import { type FoundJob, walkJobs } from '../../store/job-search.ts';
import { readProgress } from '../../store/progress.ts';
import { criteriaOf, withinRequest } from '../lists/criteria.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

export const countJobs: OperationHandler<'countJobs'> = async ({ parameters, query }, { table, clock }) => {
  let count = 0;
  const steps = walkJobs(table, parameters.p, { criteria: criteriaOf(query) });
  for await (const { found } of withinRequest(steps, clock)) count += found.length;
  return { status: 200, body: count };
};

const PARALLEL_READS = 32;
/** Minimum time for a rate; a job that just started has no meaningful rate yet. */
const MIN_RATE_MILLIS = 1_000;

export const getJobStats: OperationHandler<'getJobStats'> = async ({ parameters, query }, ports) => {
  const byStatus = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  const active: FoundJob[] = [];
  let oldest: Job | undefined;
  let total = 0;
  const steps = walkJobs(ports.table, parameters.p, { criteria: criteriaOf(query) });
  for await (const { found } of withinRequest(steps, ports.clock)) {
    total += found.length;
    for (const entry of found) {
      const { job } = entry;
      byStatus[job.status] += 1;
      if (job.status === 'Active') active.push(entry);
      // The walk visits the newest job first, so the last one is the oldest.
      if (job.status === 'Waiting') oldest = job;
    }
  }
  const rates = await mapParallel(active, PARALLEL_READS, (entry) => itemsPerMinute(entry, ports));
  const stats: JobStatsView = {
    total,
    byStatus,
    itemsPerMinute: roundedRate(rates.reduce((sum, rate) => sum + rate, 0)),
    oldestWaiting: oldest === undefined ? null : { id: oldest.job, createTime: oldest.createTime },
  };
  return { status: 200, body: stats };
};

async function itemsPerMinute({ job, progress }: FoundJob, { table, clock }: ApiPorts): Promise<number> {
  if (job.startTime === undefined) return 0;
  const { done } = progress ?? (await readProgress(table, job));
  return (done * MINUTE_MILLIS) / Math.max(MIN_RATE_MILLIS, clock.now() - job.startTime);
}

/** Counts and rates over the jobs that match a filter. */
import { type JobStatsView, STUCK_MINUTES } from '#contract/job-stats-view.ts';
import { MINUTE_MILLIS, roundedRate } from '#contract/quantities.ts';
import { activeMillisAt, type Job } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import { type FoundJob, walkJobs } from '../../store/job-search.ts';
import { readProgress, type StoredProgress } from '../../store/progress.ts';
import { criteriaOf, withinRequest } from '../lists/criteria.ts';
import type { OperationHandler } from '../request.ts';

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
  const { table, clock } = ports;
  const byStatus = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  const active: FoundJob[] = [];
  let oldest: Job | undefined;
  let total = 0;
  let withFailures = 0;
  const steps = walkJobs(table, parameters.p, { criteria: criteriaOf(query) });
  for await (const { found } of withinRequest(steps, clock)) {
    total += found.length;
    for (const entry of found) {
      const { job } = entry;
      byStatus[job.status] += 1;
      if (job.status === 'Active') active.push(entry);
      else if (job.status === 'Failed' || (job.totals?.failed ?? 0) > 0) withFailures += 1;
      // The walk visits the newest job first, so the last one is the oldest.
      if (job.status === 'Waiting') oldest = job;
    }
  }
  const now = clock.now();
  const running = await mapParallel(active, PARALLEL_READS, async ({ job, progress }) => ({
    job,
    progress: progress ?? (await readProgress(table, job)),
  }));
  const rate = running.reduce((sum, one) => sum + itemsPerMinute(one, now), 0);
  const stats: JobStatsView = {
    total,
    byStatus,
    itemsPerMinute: roundedRate(rate),
    withFailures: withFailures + running.filter(({ progress }) => progress.failed > 0).length,
    stuck: running.filter((one) => isStuck(one, now)).length,
    oldestWaiting: oldest === undefined ? null : { id: oldest.job, createTime: oldest.createTime },
  };
  return { status: 200, body: stats };
};

type RunningJob = Required<FoundJob> & { readonly progress: StoredProgress };

function itemsPerMinute({ job, progress }: RunningJob, now: number): number {
  return (progress.done * MINUTE_MILLIS) / Math.max(MIN_RATE_MILLIS, activeMillisAt(job, now));
}

function isStuck({ job, progress }: RunningJob, now: number): boolean {
  const { activeSince = now } = job;
  return now - Math.max(activeSince, progress.progressTime ?? 0) >= STUCK_MINUTES * MINUTE_MILLIS;
}

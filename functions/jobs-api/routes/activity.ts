/** The recent work of a partition. It is computed from rows that exist, so no write is needed for it. */
import {
  type ActivityView,
  MAX_ACTIVITY_GROUPS,
  MAX_ACTIVITY_JOBS,
  MAX_FAILED_JOBS,
  MAX_FAILURES_OF_JOB,
} from '#contract/activity-view.ts';
import { costView } from '#contract/cost-view.ts';
import { itemCounts } from '#contract/job-view.ts';
import { fingerprintOf, messagePattern } from '#core/fingerprint.ts';
import { type Intervals, intervalStarts, intervalsUntil, sharesOf } from '#core/intervals.ts';
import type { Failure, Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { listFailures } from '../../store/failures.ts';
import { walkJobs } from '../../store/job-search.ts';
import { operationsOfJob, readProgress, type StoredProgress } from '../../store/progress.ts';
import type { OperationHandler } from '../request.ts';

const PARALLEL_READS = 32;

interface JobWork {
  readonly job: Job;
  readonly progress: StoredProgress;
  readonly dollars: number;
}

export const getActivity: OperationHandler<'getActivity'> = async ({ parameters, query }, ports) => {
  const { table, clock } = ports;
  const intervals = intervalsUntil(clock.now(), query.hours);
  const { jobs, isComplete } = await newestJobs(table, parameters.p);
  const recent = jobs.filter((job) => isInPeriod(job, intervals));
  const work = await mapParallel(recent, PARALLEL_READS, (job) => workOf(table, job));
  const body: ActivityView = {
    ...intervals,
    jobsRead: jobs.length,
    isComplete,
    intervals: distribute(work, intervals),
    failureGroups: await groupsOf(table, work, intervals),
  };
  return { status: 200, body };
};

async function newestJobs(table: Table, partition: string): Promise<{ jobs: Job[]; isComplete: boolean }> {
  const jobs: Job[] = [];
  const criteria = { includeHidden: true };
  const rows = () => MAX_ACTIVITY_JOBS - jobs.length;
  for await (const { found, next } of walkJobs(table, partition, { criteria, rows })) {
    jobs.push(...found.map(({ job }) => job));
    if (next !== undefined && jobs.length >= MAX_ACTIVITY_JOBS) return { jobs, isComplete: false };
  }
  return { jobs, isComplete: true };
}

/** True if the job has failed or worked in the period. */
function isInPeriod({ status, startTime, endTime }: Job, { since }: Intervals): boolean {
  return isFinal(status) ? (endTime ?? 0) >= since : startTime !== undefined;
}

async function workOf(table: Table, job: Job): Promise<JobWork> {
  const progress = await readProgress(table, job);
  const { dollars } = costView(await operationsOfJob(table, job, progress));
  return { job, progress, dollars };
}

function distribute(work: readonly JobWork[], intervals: Intervals): ActivityView['intervals'] {
  const sums = intervalStarts(intervals).map((startTime) => ({ startTime, items: 0, failed: 0, dollars: 0 }));
  for (const { job, progress, dollars } of work) {
    const { startTime: from, endTime: to = progress.progressTime ?? intervals.until } = job;
    if (from === undefined) continue;
    const { succeeded, failed, skipped } = itemCounts(job, progress);
    for (const [at, share] of sharesOf(intervals, { from, to }).entries()) {
      const sum = sums[at];
      if (sum === undefined || share === 0) continue;
      sum.items += share * (succeeded + failed + skipped);
      sum.failed += share * failed;
      sum.dollars += share * dollars;
    }
  }
  return sums.map(({ startTime, items, failed, dollars }) => ({
    startTime,
    items: rounded(items, 100),
    failed: rounded(failed, 100),
    dollars: rounded(dollars, 1e9),
  }));
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

interface FailureOfJob {
  readonly failure: Failure;
  readonly job: Job;
}

async function groupsOf(
  table: Table,
  work: readonly JobWork[],
  { since }: Intervals,
): Promise<ActivityView['failureGroups']> {
  const failing = work.filter(({ job, progress }) => !job.hidden && hasFailures(job, progress));
  const read = failing.slice(0, MAX_FAILED_JOBS);
  const cut = new Set<string>();
  const lists = await mapParallel(read, PARALLEL_READS, async ({ job }) => {
    const { failures, next } = await listFailures(table, job, { limit: MAX_FAILURES_OF_JOB });
    if (next !== undefined) cut.add(job.job);
    return failures.map((failure): FailureOfJob => ({ failure, job }));
  });
  const recent = lists.flat().filter(({ failure }) => failure.failureTime >= since);
  return [...Map.groupBy(recent, ({ failure }) => fingerprintOf(failure))]
    .map(([fingerprint, members]) => {
      const isAtLeast = failing.length > read.length || members.some(({ job }) => cut.has(job.job));
      return { ...groupOf(members), fingerprint, isAtLeast };
    })
    .sort((one, other) => other.count - one.count || (one.fingerprint < other.fingerprint ? -1 : 1))
    .slice(0, MAX_ACTIVITY_GROUPS);
}

function hasFailures({ status, totals }: Job, { failed }: StoredProgress): boolean {
  return status === 'Failed' || (totals?.failed ?? failed) > 0;
}

function groupOf(members: readonly FailureOfJob[]) {
  const [latest] = members.toSorted((one, other) => other.failure.failureTime - one.failure.failureTime);
  const { failureId, failureTime, failureSource, failureMessage, code } = (latest as FailureOfJob).failure;
  const jobs = [...Map.groupBy(members, ({ job }) => job).entries()];
  return {
    code,
    message: messagePattern({ failureMessage, failureSource, code }),
    count: members.length,
    lastTime: failureTime,
    jobs: jobs.map(([job, failures]) => ({
      id: job.job,
      status: job.status,
      count: failures.length,
      ...namesOf(job),
    })),
    example: { failureId, failureTime, failureSource, failureMessage, code },
  };
}

/** The steps of a template are only in its request, which is not read here. */
function namesOf({ template, plan: { splitter, worker, pipeline } }: Job) {
  return template === undefined ? { splitter, workers: [worker, ...pipeline] } : {};
}

/**
 * A job as the API shows it. It is built member by member, so that no internal attribute of the row is
 * exposed by accident.
 */
import * as z from 'zod';
import { expiryOf } from '#core/expiry.ts';
import { activeMillisAt, type Failure, generationOf, isWaiting, type Job, runNumbersOf } from '#core/job.ts';
import { decideMove, isFinal, type JobStatus } from '#core/job-status.ts';
import type { Operations } from '#core/meter.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { COMPLETED_PERCENT, isSealed, MAX_UNFINISHED_PERCENT, type Progress } from '#core/progress.ts';
import { unmetPrerequisites } from '#core/readiness.ts';
import { type ChunkTime, MAX_SLOWEST, MIN_SLOW_MILLIS } from '#core/slowest.ts';
import { type Attention, attentionSchema } from './attention-view.ts';
import { type FailureSummary, failureSummarySchema } from './failure-view.ts';
import { jobStatusSchema } from './job-status-view.ts';
import { MAX_NOTE_CHARACTERS } from './message-limits.ts';
import { count, itemsPerMinute, links, MINUTE_MILLIS, roundedRate, timeOf } from './quantities.ts';

/** The stored counters of a job. */
export interface ProgressRecord extends Progress {
  /** Percentage in hundredths of a percent. */
  readonly percent: number;
  readonly revision: number;
  readonly operations: Operations;
  /** Time of the last progress. */
  readonly progressTime?: number;
  readonly note?: string;
  /** The slowest chunks, the longest time first. */
  readonly slowest?: readonly ChunkTime[];
  /** Names of the running steps, if the job runs a template. */
  readonly running?: readonly string[];
}

/** Maximum number of failures in the view of a single job. `/failures` lists all of them in pages. */
export const MAX_VIEW_FAILURES = 100;

/** Maximum number of dependents in the view of a job. */
export const MAX_VIEW_DEPENDENTS = 100;

const slowChunkSchema = z
  .strictObject({
    path: z.string().describe('Position in the tree, as in /tasks.'),
    millis: count.describe('Time that its items ran, in milliseconds. Waiting for a retry does not count.'),
  })
  .meta({ id: 'SlowChunk' });

export const jobViewSchema = z
  .strictObject({
    id: z.string(),
    name: z.string().exactOptional(),
    description: z.string().exactOptional(),
    externalData: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()),
    createTime: timeOf('Time of creation'),
    lastUpdateTime: timeOf('Time of the last change, except progress'),
    startTime: timeOf('Time at which its work started').exactOptional(),
    endTime: timeOf('Time at which it became final').exactOptional(),
    estimatedEndTime: timeOf('Estimated end at the rate so far, once all items are found').exactOptional(),
    itemsPerMinute: itemsPerMinute
      .exactOptional()
      .describe(
        'Number of items that became final per minute, over the time in which this run was Active. Absent before the work starts.',
      ),
    rate: itemsPerMinute
      .exactOptional()
      .describe('Equal to itemsPerMinute, which replaces it.')
      .meta({ deprecated: true }),
    status: jobStatusSchema,
    percentageComplete: z
      .number()
      .min(0)
      .max(100)
      .describe('Percentage with two decimals. Only Completed jobs have 100.'),
    note: z
      .string()
      .max(MAX_NOTE_CHARACTERS)
      .exactOptional()
      .describe(
        'While the job is Active: the latest note of a long-running task, or the last error of work that is being retried.',
      ),
    items: z.strictObject({
      found: count,
      succeeded: count,
      failed: count,
      skipped: count,
      sealed: z.boolean().describe('True if all items are found.'),
    }),
    failures: z
      .array(failureSummarySchema)
      .max(MAX_VIEW_FAILURES)
      .describe('The first failures; empty in lists of jobs.'),
    priority: z.int().min(0).max(9),
    type: z.string().exactOptional().describe('Job type of the job.'),
    typeVersion: z.string().exactOptional().describe('Version of the job type when the job was created.'),
    template: z.string().exactOptional().describe('Template that the job runs.'),
    templateVersion: z.string().exactOptional().describe('Version of the template when the job was created.'),
    step: z
      .string()
      .exactOptional()
      .describe(
        'Name of the running step. For parallel branches, all names, separated by a comma and a space.',
      ),
    attention: attentionSchema
      .exactOptional()
      .describe('Work that does not progress now. Absent in lists and in final jobs.'),
    slowest: z
      .array(slowChunkSchema)
      .max(MAX_SLOWEST)
      .exactOptional()
      .describe(
        `The ${MAX_SLOWEST} chunks of this run that ran longest, of those that are recorded and ran for at least ${MIN_SLOW_MILLIS} ms. Absent in lists.`,
      ),
    waitingFor: z.array(z.string()).describe('Ids of prerequisites that are not met yet.'),
    dependents: z
      .array(z.string())
      .max(MAX_VIEW_DEPENDENTS)
      .exactOptional()
      .describe(
        'Ids of the first hundred jobs that name this one as a prerequisite. Absent in lists and in the response to a creation.',
      ),
    notBefore: timeOf('Earliest start').exactOptional(),
    expiresAt: timeOf(
      'Time at which it expires or is deleted automatically, if it stays in this status',
    ).exactOptional(),
    hidden: z.boolean().describe('True if lists, counts and bulk actions omit it by default.'),
    createdBy: z.string().describe('The sub of the token that created it.'),
    version: z.int().min(1).describe('Increases with every change that users can see, except progress.'),
    generation: z
      .int()
      .min(1)
      .describe('Distinguishes this job from earlier jobs with the same id, which were deleted.'),
    run: z.int().min(1).describe('Number of the current run: 1, increased by each retry.'),
    links,
  })
  .meta({ id: 'Job' });
export type JobView = z.output<typeof jobViewSchema>;
export type ItemCounts = JobView['items'];

export interface JobViewInputs {
  readonly job: Job;
  readonly progress: ProgressRecord;
  readonly now: number;
  readonly failures?: readonly Failure[];
  readonly dependents?: readonly string[];
  readonly attention?: Attention | undefined;
  /** @default false */
  readonly hasSlowest?: boolean;
}

export function jobView({
  job,
  progress,
  now,
  failures = [],
  dependents,
  attention,
  hasSlowest = false,
}: JobViewInputs): JobView {
  const { name, description, externalData, startTime, endTime } = job;
  const estimatedEndTime = estimateEnd(job, progress, now);
  const rate = rateOf(job, progress, now);
  const expiry = expiryOf(job, progress.progressTime);
  return {
    id: job.job,
    ...omitUndefined({ name, description, externalData }),
    labels: job.labels,
    createTime: job.createTime,
    lastUpdateTime: job.lastUpdateTime,
    ...omitUndefined({ startTime, endTime, estimatedEndTime, itemsPerMinute: rate, rate }),
    status: job.status,
    percentageComplete: percentageComplete(job.status, progress.percent),
    ...(job.status === 'Active' && progress.note !== undefined ? { note: progress.note } : {}),
    items: itemCounts(job, progress),
    failures: failures.slice(0, MAX_VIEW_FAILURES).map(failureSummary),
    priority: job.priority,
    ...omitUndefined({
      type: job.type,
      typeVersion: job.typeVersion,
      template: job.template,
      templateVersion: job.templateVersion,
    }),
    ...stepOf(job, progress),
    waitingFor: isWaiting(job) ? unmetPrerequisites(job) : [],
    ...omitUndefined({
      attention,
      slowest: hasSlowest ? [...(progress.slowest ?? [])] : undefined,
      dependents: dependents && [...dependents],
      notBefore: job.notBefore,
      expiresAt: expiry?.time,
    }),
    hidden: job.hidden ?? false,
    createdBy: job.createdBy,
    version: job.version,
    generation: generationOf(job),
    run: runNumbersOf(job).length,
    links: linksOf(job),
  };
}

function stepOf({ status }: Job, { running = [] }: ProgressRecord): { step?: string } {
  return isFinal(status) || running.length === 0 ? {} : { step: running.join(', ') };
}

/** Returns the percentage with two decimals. Only a Completed job has 100. */
export function percentageComplete(status: JobStatus, hundredths: number): number {
  if (status === 'Completed') return COMPLETED_PERCENT / 100;
  return Math.min(hundredths, MAX_UNFINISHED_PERCENT) / 100;
}

/**
 * Returns exact counts once the job has its totals. Before that, returns the counters, which never exceed the
 * true values.
 */
export function itemCounts(job: Pick<Job, 'totals'>, progress: Progress): ItemCounts {
  if (job.totals !== undefined) {
    const { items, failed, skipped } = job.totals;
    return { found: items, succeeded: items - failed - skipped, failed, skipped, sealed: true };
  }
  const { found, done, failed, skipped } = progress;
  // Counters of one writer arrive together, those of two writers in any order, so a difference can lag.
  const succeeded = Math.max(0, done - failed - skipped);
  return { found, succeeded, failed, skipped, sealed: isSealed(progress) };
}

/** Estimates the end from the rate so far, once the number of items is known. */
function estimateEnd(job: Job, progress: Progress, now: number): number | undefined {
  if (job.status !== 'Active') return undefined;
  if (!isSealed(progress) || progress.done === 0) return undefined;
  const remaining = Math.max(0, progress.found - progress.done);
  return Math.round(now + (activeMillisAt(job, now) * remaining) / progress.done);
}

/** Returns the rate; `undefined` if the job was not Active for any time yet. */
function rateOf(job: Job, progress: Progress, now: number): number | undefined {
  const millis = activeMillisAt(job, now);
  if (millis === 0) return undefined;
  const done = job.totals?.items ?? progress.done;
  return roundedRate((done * MINUTE_MILLIS) / millis);
}

function failureSummary(failure: Failure): FailureSummary {
  const { failureId, failureTime, failureSource, failureMessage, code } = failure;
  return { failureId, failureTime, failureSource, failureMessage, code };
}

function linksOf(job: Job): Record<string, string> {
  const self = `/partitions/${encodeURIComponent(job.partition)}/jobs/${encodeURIComponent(job.job)}`;
  const details = ['status', 'items', 'failures', 'history', 'tasks', 'result', 'request', 'cost'];
  return {
    self,
    ...Object.fromEntries(details.map((name) => [name, `${self}/${name}`])),
    ...(isFinal(job.status) ? {} : { cancel: `${self}/cancel` }),
    ...(decideMove('pause', job.status).kind === 'move' ? { pause: `${self}/pause` } : {}),
    ...(job.status === 'Paused' ? { resume: `${self}/resume` } : {}),
  };
}

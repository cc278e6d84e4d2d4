/** A job as the API shows it: built member by member, so that nothing of the row gets out by accident. */
import * as z from 'zod';
import { expiryOf } from '#core/expiry.ts';
import { activeMillisAt, creationOf, type Failure, generationsOf, isWaiting, type Job } from '#core/job.ts';
import { decideMove, isFinal, type JobStatus } from '#core/job-status.ts';
import type { Operations } from '#core/meter.ts';
import { waitingFor } from '#core/prerequisites.ts';
import { COMPLETED_PERCENT, isSealed, MAX_UNFINISHED_PERCENT, type Progress } from '#core/progress.ts';
import { type FailureSummary, failureSummarySchema } from './failure-view.ts';
import { jobStatusSchema } from './job-status-view.ts';
import { MAX_NOTE_CHARACTERS } from './messages.ts';
import { count, links, timeOf } from './quantities.ts';

/** The counters of a job as its store keeps them. */
export interface ProgressRecord extends Progress {
  /** In hundredths of a percent. */
  readonly percent: number;
  readonly revision: number;
  readonly operations: Operations;
  /** When it last moved. */
  readonly progressTime?: number;
  readonly note?: string;
  /** Of a job that runs a template: the steps that are being done. */
  readonly running?: readonly string[];
}

/** Failures that the view of a single job lists; all of them page under `/failures`. */
export const MAX_VIEW_FAILURES = 100;

/** Dependents that the view of a job lists. */
export const MAX_VIEW_DEPENDENTS = 100;

export const jobViewSchema = z
  .strictObject({
    id: z.string(),
    name: z.string().exactOptional(),
    description: z.string().exactOptional(),
    externalData: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()),
    createTime: timeOf('When the job was created'),
    lastUpdateTime: timeOf('When the job changed last, progress apart'),
    startTime: timeOf('When its work began').exactOptional(),
    endTime: timeOf('When it became final').exactOptional(),
    estimatedEndTime: timeOf(
      'When it will be done at the rate so far, once everything is found',
    ).exactOptional(),
    rate: z
      .number()
      .min(0)
      .exactOptional()
      .describe('Items that became final per minute, over the time in which the job was Active.'),
    status: jobStatusSchema,
    percentageComplete: z.number().min(0).max(100).describe('Two decimals; 100 for Completed jobs only.'),
    note: z
      .string()
      .max(MAX_NOTE_CHARACTERS)
      .exactOptional()
      .describe(
        'While the job is Active: the last message of a long task, or the last error of what is tried again.',
      ),
    items: z.strictObject({
      found: count,
      succeeded: count,
      failed: count,
      skipped: count,
      sealed: z.boolean().describe('Whether everything is found.'),
    }),
    failures: z
      .array(failureSummarySchema)
      .max(MAX_VIEW_FAILURES)
      .describe('The first of them; lists of jobs leave them out.'),
    priority: z.int().min(0).max(9),
    type: z.string().exactOptional().describe('The job type that it was created by.'),
    typeVersion: z.string().exactOptional().describe('Of the job type, when the job was created.'),
    template: z.string().exactOptional().describe('The template that it runs.'),
    templateVersion: z.string().exactOptional().describe('Of the template, when the job was created.'),
    step: z
      .string()
      .exactOptional()
      .describe(
        'The step that is being done; of parallel branches all, with a comma and a blank between them.',
      ),
    waitingFor: z.array(z.string()).describe('Ids of prerequisites that are still to be done.'),
    dependents: z
      .array(z.string())
      .max(MAX_VIEW_DEPENDENTS)
      .exactOptional()
      .describe(
        'Ids of jobs that name this one as a prerequisite, the first hundred; lists and the answer to a creation leave them out.',
      ),
    notBefore: timeOf('It does not begin before').exactOptional(),
    expiresAt: timeOf('When it goes by itself, if it stays in this status').exactOptional(),
    hidden: z.boolean().describe('Whether lists, counts and bulk actions pass it over.'),
    createdBy: z.string().describe('The sub of the token that created it.'),
    version: z.int().min(1).describe('Grows with every change that a user can see, progress apart.'),
    generation: z.int().min(1).describe('Which creation of this id it is.'),
    run: z.int().min(1).describe('1, and one more with each retry.'),
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
}

export function jobView({ job, progress, now, failures = [], dependents }: JobViewInputs): JobView {
  const { name, description, externalData, startTime, endTime } = job;
  const estimatedEndTime = estimateEnd(job, progress, now);
  const rate = itemsPerMinute(job, progress, now);
  const expiry = expiryOf(job, progress.progressTime);
  return {
    id: job.job,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(externalData === undefined ? {} : { externalData }),
    labels: job.labels,
    createTime: job.createTime,
    lastUpdateTime: job.lastUpdateTime,
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...(estimatedEndTime === undefined ? {} : { estimatedEndTime }),
    ...(rate === undefined ? {} : { rate }),
    status: job.status,
    percentageComplete: percentageComplete(job.status, progress.percent),
    ...(job.status === 'Active' && progress.note !== undefined ? { note: progress.note } : {}),
    items: itemCounts(job, progress),
    failures: failures.slice(0, MAX_VIEW_FAILURES).map(failureSummary),
    priority: job.priority,
    ...(job.type === undefined ? {} : { type: job.type }),
    ...(job.typeVersion === undefined ? {} : { typeVersion: job.typeVersion }),
    ...(job.template === undefined ? {} : { template: job.template }),
    ...(job.templateVersion === undefined ? {} : { templateVersion: job.templateVersion }),
    ...stepOf(job, progress),
    waitingFor: isWaiting(job) ? waitingFor(job) : [],
    ...(dependents === undefined ? {} : { dependents: [...dependents] }),
    ...(job.notBefore === undefined ? {} : { notBefore: job.notBefore }),
    ...(expiry === undefined ? {} : { expiresAt: expiry.time }),
    hidden: job.hidden ?? false,
    createdBy: job.createdBy,
    version: job.version,
    generation: creationOf(job),
    run: generationsOf(job).length,
    links: linksOf(job),
  };
}

function stepOf({ status }: Job, { running = [] }: ProgressRecord): { step?: string } {
  return isFinal(status) || running.length === 0 ? {} : { step: running.join(', ') };
}

/** Two decimals; 100 says Completed and nothing else does. */
export function percentageComplete(status: JobStatus, hundredths: number): number {
  if (status === 'Completed') return COMPLETED_PERCENT / 100;
  return Math.min(hundredths, MAX_UNFINISHED_PERCENT) / 100;
}

/** Exact once the job has its totals; before, what the counters know, which is never more than the truth. */
export function itemCounts(job: Pick<Job, 'totals'>, progress: Progress): ItemCounts {
  if (job.totals !== undefined) {
    const { items, failed, skipped } = job.totals;
    return { found: items, succeeded: items - failed - skipped, failed, skipped, sealed: true };
  }
  const { found, done, failed, skipped } = progress;
  // The counters of one write arrive together, those of two writers in any order: a difference may be late.
  const succeeded = Math.max(0, done - failed - skipped);
  return { found, succeeded, failed, skipped, sealed: isSealed(progress) };
}

/** By the rate so far; only where the number of items is known, since everything else would be a guess. */
function estimateEnd(job: Job, progress: Progress, now: number): number | undefined {
  if (job.status !== 'Active') return undefined;
  if (!isSealed(progress) || progress.done === 0) return undefined;
  const left = Math.max(0, progress.found - progress.done);
  return Math.round(now + (activeMillisAt(job, now) * left) / progress.done);
}

/** Absent before there was time to do anything. */
function itemsPerMinute(job: Job, progress: Progress, now: number): number | undefined {
  const millis = activeMillisAt(job, now);
  if (millis === 0) return undefined;
  const done = job.totals?.items ?? progress.done;
  return Math.round((done * 6_000_000) / millis) / 100;
}

function failureSummary(failure: Failure): FailureSummary {
  const { failureId, failureTime, failureSource, failureMessage, code } = failure;
  return { failureId, failureTime, failureSource, failureMessage, code };
}

function linksOf(job: Job): Record<string, string> {
  const self = `/partitions/${encodeURIComponent(job.partition)}/jobs/${encodeURIComponent(job.job)}`;
  const below = ['status', 'items', 'failures', 'history', 'tasks', 'result', 'request', 'cost'];
  return {
    self,
    ...Object.fromEntries(below.map((name) => [name, `${self}/${name}`])),
    ...(isFinal(job.status) ? {} : { cancel: `${self}/cancel` }),
    ...(decideMove('pause', job.status).kind === 'move' ? { pause: `${self}/pause` } : {}),
    ...(job.status === 'Paused' ? { resume: `${self}/resume` } : {}),
  };
}

/**
 * Bulk actions apply one verb to every matching job. Work that does not fit into a request continues in the
 * background, one slice at a time. A row stores the position, and its follow-up requests the next slice.
 * A repeated slice finds its jobs already changed and skips them. A job that the slice retried may be final
 * again, but it ended after the action was requested, so it is skipped too. Each change is therefore counted
 * at most once. Changes are not counted if the invocation could not save them, or if their response was lost.
 */
import * as v from 'valibot';
import { BULK_VERBS, type BulkVerb } from '#contract/bulk-view.ts';
import { integer } from '#contract/integers.ts';
import type { Job, JobKey } from '#core/job.ts';
import { decideMove, isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Row, Table } from '#core/ports.ts';
import { decideRetry } from '#core/retry.ts';
import { deleteJob } from './delete-job.ts';
import { type ListPosition, positionOf } from './job-list.ts';
import { type FoundJob, type JobCriteria, JobMatcher, walkJobs } from './job-search.ts';
import { moveJob } from './jobs.ts';
import { bulkKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';
import { type RetryOptions, retryJob } from './retries.ts';
import { readStored } from './stored.ts';

export interface BulkWork {
  readonly partition: string;
  readonly verb: BulkVerb;
  readonly criteria: JobCriteria;
  /** Time of the request, and its caller. */
  readonly createTime: number;
  readonly createdBy: string;
}

export interface BulkLimits {
  /** Position to continue after; absent to start at the newest job. */
  readonly after?: ListPosition | undefined;
  /** Maximum number of jobs to change. */
  readonly maxJobs: number;
  /** Approximate maximum number of jobs to examine. */
  readonly maxExamined: number;
  readonly now: () => number;
  readonly isTimeUp: () => boolean;
}

export interface BulkProgress {
  /** Number of jobs that were changed. */
  readonly done: number;
  readonly examined: number;
  /** True if no work is left. */
  readonly isDone: boolean;
  /** Position to continue after. */
  readonly position: ListPosition | undefined;
  /** Error that ended the action early: some jobs after `position` could not be changed. */
  readonly failure?: { readonly cause: unknown };
}

const ROWS_PER_STEP = 250;
/** Number of jobs between two checks of the time. */
const JOBS_AT_ONCE = 100;
const PARALLEL_ACTIONS = 16;

/** Walks from the newest job to the oldest, so jobs created meanwhile are not affected. */
export async function runBulk(table: Table, work: BulkWork, limits: BulkLimits): Promise<BulkProgress> {
  const { maxJobs, maxExamined, now, isTimeUp } = limits;
  const { partition, criteria } = work;
  const matcher = new JobMatcher(criteria);
  let position = limits.after;
  let done = 0;
  let examined = 0;
  const steps = walkJobs(table, partition, { criteria, after: position, rows: () => ROWS_PER_STEP });
  for await (const step of steps) {
    const open = step.found.filter(({ job }) => mayApply(work, job));
    while (open.length > 0) {
      if (done >= maxJobs && !open.some(({ job }) => isApplicable(work, job))) break;
      if (done >= maxJobs || isTimeUp()) return { done, examined, isDone: false, position };
      const batch = open.splice(0, Math.min(JOBS_AT_ONCE, maxJobs - done));
      const results = await mapParallel(batch, PARALLEL_ACTIONS, (found) =>
        apply(table, work, found, { matcher, now: now() }).catch((cause: unknown) => ({ cause })),
      );
      done += results.filter((result) => result === true).length;
      const failure = results.find((result) => typeof result === 'object');
      if (failure !== undefined) return { done, examined, isDone: false, position, failure };
      position = positionOf((batch.at(-1) as FoundJob).job);
    }
    examined += step.examined;
    if (step.next === undefined) return { done, examined, isDone: true, position };
    position = step.next;
    if (examined >= maxExamined || isTimeUp()) return { done, examined, isDone: false, position };
  }
  return { done, examined, isDone: true, position };
}

type Action = Pick<BulkWork, 'verb' | 'createTime'>;

/** True if the verb would change this job. */
export function isApplicable({ verb, createTime }: Action, job: Job): boolean {
  switch (verb) {
    case 'delete':
      return true;
    case 'retry':
      return (job.endTime ?? createTime) <= createTime && decideRetry(job).kind === 'retry';
    default:
      return decideMove(verb, job.status).kind === 'move';
  }
}

/** The index may lag. A final status in it is reliable; a status that is not final may be outdated. */
function mayApply(work: Action, job: Job): boolean {
  return work.verb === 'delete' || work.verb === 'retry' ? isApplicable(work, job) : !isFinal(job.status);
}

/** Checks the criteria again on the version that is changed, because the index may show an older one. */
async function apply(
  table: Table,
  work: BulkWork,
  { job: listedJob, progress }: FoundJob,
  { matcher, now }: { matcher: JobMatcher; now: number },
): Promise<boolean> {
  const { verb, createdBy: actor } = work;
  const only = (job: Job) => job.runNumber === listedJob.runNumber && matcher.matches({ job, progress });
  switch (verb) {
    case 'delete':
      return (await deleteJob(table, listedJob, { now, only })) === 'deleted';
    case 'retry':
      return retryAll(table, listedJob, { now, actor, only: (job) => only(job) && isApplicable(work, job) });
    default:
      return (await moveJob(table, listedJob, verb, { now, actor, only })).kind === 'moved';
  }
}

async function retryAll(
  table: Table,
  key: JobKey,
  options: Pick<RetryOptions, 'now' | 'actor' | 'only'>,
): Promise<boolean> {
  const count = async ({ totals }: Job) => totals?.failed ?? 0;
  return (await retryJob(table, key, { ...options, retry: { filter: {} }, count })).kind === 'retried';
}

/** A bulk action that continues in the background. */
export interface BulkOperation extends BulkWork {
  readonly id: string;
  readonly status: 'Running' | 'Completed';
  /** Number of jobs that were changed, including those changed within the request. */
  readonly done: number;
  readonly examined: number;
  readonly lastUpdateTime: number;
  readonly endTime?: number;
}

interface StoredOperation extends BulkOperation {
  readonly position?: ListPosition;
  /** Number of completed slices. Of two concurrent invocations, only one can save its slice. */
  readonly slices: number;
  readonly followUp?: 'bulk';
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** Keeps members of later releases, because the row is written back. */
const storedOperation: v.GenericSchema<unknown, StoredOperation> = v.looseObject({
  id: v.string(),
  partition: v.string(),
  verb: v.picklist(BULK_VERBS),
  criteria: v.custom<JobCriteria>(isObject),
  createTime: v.number(),
  createdBy: v.string(),
  status: v.picklist(['Running', 'Completed']),
  done: integer,
  examined: integer,
  lastUpdateTime: v.number(),
  endTime: v.exactOptional(v.number()),
  position: v.exactOptional(v.custom<ListPosition>(isObject)),
  slices: integer,
  followUp: v.exactOptional(v.literal('bulk')),
});

/** Stores a started bulk action as an operation. The table's stream continues it. */
export async function continueInBackground(
  table: Table,
  work: BulkWork,
  progress: BulkProgress & { readonly id: string; readonly now: number },
): Promise<BulkOperation> {
  const { id, now, done, examined, position } = progress;
  const operation: StoredOperation = {
    ...work,
    criteria: omitUndefined(work.criteria),
    id,
    done,
    examined,
    status: 'Running',
    lastUpdateTime: now,
    slices: 0,
    followUp: 'bulk',
    ...omitUndefined({ position }),
  };
  const row = { ...bulkKey(work.partition, id), ...operation, ttl: ttlSeconds(now) };
  await table.write({ kind: 'put', row });
  return operation;
}

export async function readBulk(
  table: Table,
  partition: string,
  id: string,
): Promise<BulkOperation | undefined> {
  return readOperation(table, partition, id);
}

async function readOperation(
  table: Table,
  partition: string,
  id: string,
): Promise<StoredOperation | undefined> {
  const { row } = await table.get(bulkKey(partition, id), { strong: true });
  return row === undefined ? undefined : operationOfRow(row);
}

function operationOfRow(row: Row): StoredOperation {
  const { pk: _pk, sk: _sk, ttl: _ttl, ...operation } = row;
  return readStored(storedOperation, operation, 'bulk action');
}

/** Small, because other follow-ups wait until a slice is done. */
const SLICE = { maxJobs: 250, maxExamined: 5_000 };

/**
 * Runs one slice of an operation and saves its progress, which triggers the next slice through the table's
 * stream. If the save is refused, another invocation is working on the operation and continues it. Throws if
 * the slice has to be retried, after saving what was done.
 */
export async function continueBulk(
  table: Table,
  key: { readonly partition: string; readonly id: string },
  { now, isTimeUp }: Pick<BulkLimits, 'now' | 'isTimeUp'>,
): Promise<BulkOperation | undefined> {
  const operation = await readOperation(table, key.partition, key.id);
  if (operation?.followUp === undefined) return undefined;
  const { position, slices, done, examined } = operation;
  const slice = await runBulk(table, operation, { ...SLICE, after: position, now, isTimeUp });
  const time = now();
  const end = { status: 'Completed', endTime: time } as const;
  const saved = await table.write(
    {
      kind: 'update',
      key: bulkKey(key.partition, key.id),
      change: {
        set: {
          done: done + slice.done,
          examined: examined + slice.examined,
          slices: slices + 1,
          lastUpdateTime: time,
          ...(slice.isDone ? end : slice.position && { position: slice.position }),
        },
        ...(slice.isDone ? { remove: ['followUp', 'position'] } : {}),
      },
      when: [{ attribute: 'slices', is: 'equal', value: slices }],
    },
    'new',
  );
  if (slice.failure !== undefined) throw slice.failure.cause;
  return saved.row === undefined || saved.kind === 'refused' ? undefined : operationOfRow(saved.row);
}

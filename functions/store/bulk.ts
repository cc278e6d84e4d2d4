/**
 * Bulk actions: one verb on every job that matches. What does not fit into a request goes on in the background, a
 * slice at a time; where it stands is a row that owes its next slice to the world. A slice that is done again finds
 * its jobs moved already and passes them over; one that it retried may be over again, but ended later than the action
 * was asked for. So what was done is counted at most once; what an invocation did that could not save it, or of which
 * the answer was lost, is not counted.
 */
import type { BulkVerb } from '#contract/bulk-view.ts';
import type { Job, JobKey } from '#core/job.ts';
import { decideMove, isFinal } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Row, Table } from '#core/ports.ts';
import { decideRetry } from '#core/retry.ts';
import { deleteJob } from './delete-job.ts';
import { type ListPlace, placeOf } from './job-list.ts';
import { type FoundJob, type JobCriteria, JobMatcher, walkJobs } from './job-search.ts';
import { moveJob } from './jobs.ts';
import { bulkKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';
import { type RetryOptions, retryJob } from './retries.ts';

export interface BulkWork {
  readonly partition: string;
  readonly verb: BulkVerb;
  readonly criteria: JobCriteria;
  /** When and by whom it was asked for. */
  readonly createTime: number;
  readonly createdBy: string;
}

export interface BulkLimits {
  /** From the newest job without it. */
  readonly after?: ListPlace | undefined;
  /** Jobs that are changed at most. */
  readonly maxJobs: number;
  /** Jobs that are looked at before it ends, about. */
  readonly maxExamined: number;
  readonly now: () => number;
  readonly isOver: () => boolean;
}

export interface BulkProgress {
  /** Jobs that were changed. */
  readonly done: number;
  readonly examined: number;
  /** Whether nothing is left to do. */
  readonly isDone: boolean;
  /** Where to go on. */
  readonly place: ListPlace | undefined;
  /** Why it ended early: some jobs behind `place` could not be changed. */
  readonly failure?: { readonly cause: unknown };
}

const ROWS_PER_STEP = 250;
/** Between two looks at the time. */
const JOBS_AT_ONCE = 100;
const PARALLEL_ACTIONS = 16;

/** From the newest job to the oldest: those that are created meanwhile lie behind it and are left alone. */
export async function runBulk(table: Table, work: BulkWork, limits: BulkLimits): Promise<BulkProgress> {
  const { maxJobs, maxExamined, now, isOver } = limits;
  const { partition, criteria } = work;
  const matcher = new JobMatcher(criteria);
  let place = limits.after;
  let done = 0;
  let examined = 0;
  const steps = walkJobs(table, partition, { criteria, after: place, rows: () => ROWS_PER_STEP });
  for await (const step of steps) {
    const open = step.found.filter(({ job }) => mayApply(work, job));
    while (open.length > 0) {
      if (done >= maxJobs && !open.some(({ job }) => applies(work, job))) break;
      if (done >= maxJobs || isOver()) return { done, examined, isDone: false, place };
      const some = open.splice(0, Math.min(JOBS_AT_ONCE, maxJobs - done));
      const answers = await mapParallel(some, PARALLEL_ACTIONS, (found) =>
        apply(table, work, found, { matcher, now: now() }).catch((cause: unknown) => ({ cause })),
      );
      done += answers.filter((answer) => answer === true).length;
      const failure = answers.find((answer) => typeof answer === 'object');
      if (failure !== undefined) return { done, examined, isDone: false, place, failure };
      place = placeOf((some.at(-1) as FoundJob).job);
    }
    examined += step.examined;
    if (step.next === undefined) return { done, examined, isDone: true, place };
    place = step.next;
    if (examined >= maxExamined || isOver()) return { done, examined, isDone: false, place };
  }
  return { done, examined, isDone: true, place };
}

type Action = Pick<BulkWork, 'verb' | 'createTime'>;

/** Whether the verb would change a job such as this one. */
export function applies({ verb, createTime }: Action, job: Job): boolean {
  switch (verb) {
    case 'delete':
      return true;
    case 'retry':
      return (job.endTime ?? createTime) <= createTime && decideRetry(job).kind === 'retry';
    default:
      return decideMove(verb, job.status).kind === 'move';
  }
}

/** The index may lag: an end that it shows is believed, that a job goes on is not. */
function mayApply(work: Action, job: Job): boolean {
  return work.verb === 'delete' || work.verb === 'retry' ? applies(work, job) : !isFinal(job.status);
}

/** The criteria are asked once more of the very version that changes: the index may show an older one. */
async function apply(
  table: Table,
  work: BulkWork,
  { job: seen, progress }: FoundJob,
  { matcher, now }: { matcher: JobMatcher; now: number },
): Promise<boolean> {
  const { verb, createdBy: actor } = work;
  const only = (job: Job) => job.generation === seen.generation && matcher.matches({ job, progress });
  switch (verb) {
    case 'delete':
      return (await deleteJob(table, seen, { now, only })) === 'deleted';
    case 'retry':
      return retryAll(table, seen, { now, actor, only: (job) => only(job) && applies(work, job) });
    default:
      return (await moveJob(table, seen, verb, { now, actor, only })).outcome === 'moved';
  }
}

async function retryAll(
  table: Table,
  key: JobKey,
  options: Pick<RetryOptions, 'now' | 'actor' | 'only'>,
): Promise<boolean> {
  const count = async ({ totals }: Job) => totals?.failed ?? 0;
  return (await retryJob(table, key, { ...options, retry: { filter: {} }, count })).outcome === 'retried';
}

/** A bulk action that goes on in the background. */
export interface BulkOperation extends BulkWork {
  readonly id: string;
  readonly status: 'Running' | 'Completed';
  /** Jobs that were changed, those within the request included. */
  readonly done: number;
  readonly examined: number;
  readonly lastUpdateTime: number;
  readonly endTime?: number;
}

interface StoredOperation extends BulkOperation {
  readonly place?: ListPlace;
  /** Slices that were done: two invocations at once cannot both save theirs. */
  readonly slices: number;
  readonly followUp?: 'bulk';
}

/** Writes down what a request began; the stream sees to the rest. */
export async function handOnBulk(
  table: Table,
  work: BulkWork,
  begun: BulkProgress & { readonly id: string; readonly now: number },
): Promise<BulkOperation> {
  const { id, now, done, examined, place } = begun;
  const operation: StoredOperation = {
    ...work,
    criteria: definedOnly(work.criteria),
    id,
    done,
    examined,
    status: 'Running',
    lastUpdateTime: now,
    slices: 0,
    followUp: 'bulk',
    ...(place && { place }),
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
  return readStored(table, partition, id);
}

async function readStored(table: Table, partition: string, id: string): Promise<StoredOperation | undefined> {
  const { row } = await table.get(bulkKey(partition, id), { strong: true });
  return row === undefined ? undefined : operationOfRow(row);
}

function operationOfRow(row: Row): StoredOperation {
  const { pk: _pk, sk: _sk, ttl: _ttl, ...operation } = row;
  return operation as unknown as StoredOperation;
}

/** Small: other follow-ups wait behind a slice. */
const SLICE = { maxJobs: 250, maxExamined: 5_000 };

/**
 * Does one slice of an operation and saves how far it came, which wakes the next one by the table's stream. An
 * invocation whose save is refused was not alone; the other one goes on. Throws, with what was done saved, where the
 * slice must be tried again.
 */
export async function continueBulk(
  table: Table,
  key: { readonly partition: string; readonly id: string },
  { now, isOver }: Pick<BulkLimits, 'now' | 'isOver'>,
): Promise<BulkOperation | undefined> {
  const operation = await readStored(table, key.partition, key.id);
  if (operation?.followUp === undefined) return undefined;
  const { place, slices, done, examined } = operation;
  const slice = await runBulk(table, operation, { ...SLICE, after: place, now, isOver });
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
          ...(slice.isDone ? end : slice.place && { place: slice.place }),
        },
        ...(slice.isDone ? { remove: ['followUp', 'place'] } : {}),
      },
      when: [{ attribute: 'slices', is: 'equal', value: slices }],
    },
    'new',
  );
  if (slice.failure !== undefined) throw slice.failure.cause;
  return saved.row === undefined || saved.outcome === 'refused' ? undefined : operationOfRow(saved.row);
}

function definedOnly(criteria: JobCriteria): JobCriteria {
  return Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined));
}

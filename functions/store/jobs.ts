/**
 * The life of a job row. Each verb is one conditional write and safe to repeat; a lost race is a return
 * value.
 */
import { type FailureLocation, failureOf } from '#core/failure.ts';
import { activeMillisAt, type FollowUp, type Job, type JobKey, type JobRun } from '#core/job.ts';
import type { JobEnd } from '#core/job-end.ts';
import { decideMove, isFinal, type JobMove, type JobStatus } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Totals } from '#core/page.ts';
import type { Clock, Table, TransactResult, Write } from '#core/ports.ts';
import type { RootCause } from '#core/prerequisites.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { ROOT } from '#core/task-path.ts';
import { failureRow } from './failures.ts';
import { type Cause, moveEntry } from './history.ts';
import {
  assertReadable,
  isRun,
  isSlotKey,
  isTombstone,
  isUnchanged,
  jobOfRow,
  mirrorWrites,
  rowOfJob,
  type SlotLimit,
  statusIn,
} from './job-rows.ts';
import { JOB_ROWS, jobKey, progressKey } from './keys.ts';
import { progressOfRow, type StoredProgress } from './progress.ts';

/** Attributes of a job row that a worker may read. */
export const STATUS_ATTRIBUTES: readonly string[] = [
  'pk',
  'sk',
  'status',
  'runNumber',
  'firstRunNumber',
  'v',
];

export interface JobState {
  readonly status: JobStatus;
  readonly runNumber: number;
  /** Number of the first run of this creation of the job id. */
  readonly generation: number;
}

/** Reads only the attributes that decide if work is done; costs one read unit at most. */
export async function readStatus(
  table: Table,
  key: JobKey,
  options: { strong?: boolean } = {},
): Promise<JobState | undefined> {
  const { row } = await table.get(jobKey(key), {
    ...options,
    attributes: STATUS_ATTRIBUTES,
  });
  if (row !== undefined) assertReadable(row);
  if (row === undefined || isTombstone(row)) return undefined;
  const runNumber = Number(row['runNumber']);
  return {
    status: statusIn(row, 'status'),
    runNumber,
    generation: Number(row['firstRunNumber'] ?? runNumber),
  };
}

export async function readJob(table: Table, key: JobKey): Promise<Job | undefined> {
  const { row } = await table.get(jobKey(key), { strong: true });
  return row === undefined ? undefined : jobOfRow(row);
}

/** Reads the job and its progress with one strongly consistent query. */
export async function readJobWithProgress(
  table: Table,
  key: JobKey,
): Promise<{ job: Job; progress: StoredProgress } | undefined> {
  const { rows } = await table.query({ pk: jobKey(key).pk, begins: JOB_ROWS, strong: true });
  const row = rows.find((candidate) => candidate.sk === jobKey(key).sk);
  const job = row === undefined ? undefined : jobOfRow(row);
  if (job === undefined) return undefined;
  const progressRow = rows.find((candidate) => candidate.sk === progressKey(job).sk);
  return { job, progress: progressOfRow(progressRow) };
}

export type MoveResult =
  | { readonly kind: 'moved' | 'noop'; readonly job: Job }
  | { readonly kind: 'refused'; readonly job: Job }
  /** The partition has no free slot. */
  | { readonly kind: 'full'; readonly job: Job }
  | { readonly kind: 'missing' };

/** `failure` is stored as the failure of the whole job. */
export interface MoveOptions extends Cause {
  /** The job as the caller just read it. Tried first; the job is read again only if it has changed since. */
  readonly lastRead?: Job;
  /** Moves only this run; absent: any. */
  readonly runNumber?: number;
  /**
   * Returns false to skip the move, which then returns `missing`. Receives the version that is about to move.
   */
  readonly only?: (job: Job) => boolean;
  readonly totals?: Totals;
  readonly followUp?: FollowUp;
  /** Moves only from this status, even if the verb allows more. */
  readonly from?: JobStatus;
  /** Moves only if the partition has a free slot; absent: the limit does not apply. */
  readonly limit?: SlotLimit;
  /** Cause of a failure that originates in another job. */
  readonly rootCause?: RootCause;
}

/** Changes the status and writes the history entry. No other function changes a status. */
export async function moveJob(
  table: Table,
  key: JobKey,
  move: JobMove,
  options: MoveOptions,
): Promise<MoveResult> {
  for (let known = options.lastRead; ; known = undefined) {
    const job = known ?? (await readJob(table, key));
    if (job === undefined) return { kind: 'missing' };
    if (options.runNumber !== undefined && options.runNumber !== job.runNumber) return { kind: 'missing' };
    if (options.from !== undefined && options.from !== job.status) return { kind: 'refused', job };
    if (options.only?.(job) === false) return { kind: 'missing' };
    const decision = decideMove(verbFor(move, job), job.status);
    if (decision.kind !== 'move') return { kind: decision.kind, job };
    const nextJob = movedJob(job, decision.to, options);
    const { failure } = options;
    const writes: Write[] = [
      { kind: 'put', row: rowOfJob(nextJob), when: isUnchanged(job) },
      moveEntry(job, nextJob, move, options),
      ...(failure === undefined ? [] : [{ kind: 'put', row: failureRow(nextJob, failure) } as const]),
      ...mirrorWrites(job, nextJob, options.limit),
    ];
    const result = await table.transact(writes);
    if (result.kind === 'written') return { kind: 'moved', job: nextJob };
    if (options.limit !== undefined && isFull(job, writes, result)) return { kind: 'full', job };
  }
}

/** Resuming a job that had not started returns it to Waiting. */
function verbFor(move: JobMove, job: Job): JobMove {
  return move === 'resume' && job.pausedFrom === 'Waiting' ? 'resumeWaiting' : move;
}

/** True if the only refused write was the partition's count of active jobs. */
function isFull({ partition }: Job, writes: readonly Write[], result: TransactResult): boolean {
  if (result.kind === 'written') return false;
  return result.refused.every((row, i) => {
    const write = writes[i];
    return row === undefined || (write !== undefined && isSlotKey(partition, write));
  });
}

export function movedJob(job: Job, to: JobStatus, options: MoveOptions): Job {
  const followUp = options.followUp ?? followUpOf(job, to);
  const { pausedFrom: _pausedFrom, activeSince: _activeSince, queued: _queued, ...fields } = job;
  return {
    ...fields,
    status: to,
    ...(to === 'Paused' && job.status === 'Waiting' ? { pausedFrom: 'Waiting' as const } : {}),
    version: job.version + 1,
    lastUpdateTime: options.now,
    ...(to === 'Active' && job.startTime === undefined ? { startTime: options.now } : {}),
    ...(to === 'Active' ? { activeSince: options.now } : {}),
    ...(job.status === 'Active' ? { activeMillis: activeMillisAt(job, options.now) } : {}),
    ...(isFinal(to) ? { endTime: options.now } : {}),
    ...(isCutShort(job, to, options) ? { clearDue: options.now + STRAGGLER_MILLIS } : {}),
    ...omitUndefined({ totals: options.totals, rootCause: options.rootCause, followUp }),
  };
}

/**
 * True if a started job ends before all its items were recorded. Workers may still be working on the rest.
 */
function isCutShort(job: Job, to: JobStatus, { totals }: MoveOptions): boolean {
  return isFinal(to) && job.startTime !== undefined && totals === undefined;
}

/**
 * Returns the follow-up of the new status. A pending follow-up is kept: repeating it is harmless, losing it
 * is not.
 */
function followUpOf(job: Job, to: JobStatus): FollowUp | undefined {
  if (isFinal(to)) return 'finish';
  if (job.status !== 'Paused') return job.followUp;
  if (to === 'Waiting') return 'dispatch';
  return job.followUp === 'launch' ? 'launch' : 'release';
}

/**
 * Ends a job whose items are all recorded, in one transaction. Several reports of a job may see its root
 * complete. All but one of them read that the job is final, and write nothing.
 */
export async function endJob(
  table: Table,
  run: JobRun,
  { status, totals, now, failure }: JobEnd,
): Promise<'ended' | 'stale'> {
  const { items, failed } = totals;
  const reason = failed === 0 || failure !== undefined ? undefined : `${failed} of ${items} items failed`;
  const { kind } = await moveJob(table, run, status === 'Completed' ? 'complete' : 'fail', {
    now,
    totals,
    runNumber: run.runNumber,
    from: 'Active',
    ...omitUndefined({ reason, failure }),
  });
  return kind === 'moved' ? 'ended' : 'stale';
}

interface JobFailure {
  /** Absent: the whole job. */
  readonly at?: FailureLocation;
  readonly attempts?: number;
  readonly totals?: Totals;
}

/** Fails a job if this run is current and not final. The error becomes the failure of the job. */
export async function failJob(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  run: JobRun,
  error: unknown,
  { at = { path: ROOT }, attempts = 1, totals }: JobFailure = {},
): Promise<void> {
  const now = clock.now();
  const failure = failureOf(at, error, { now, attempts });
  await moveJob(table, run, 'fail', {
    now,
    runNumber: run.runNumber,
    failure,
    ...omitUndefined({ totals }),
  });
}

/**
 * Stores the totals of a paused job whose last item was recorded. The job ends with them when it is resumed.
 * Returns `stale` if the job is not paused (any more).
 */
export async function markDone(table: Table, run: JobRun, totals: Totals): Promise<'marked' | 'stale'> {
  const result = await table.write({
    kind: 'update',
    key: jobKey(run),
    change: { set: { endTotals: totals } },
    when: [
      isRun(run.runNumber),
      { attribute: 'status', is: 'oneOf', value: ['Paused', 'Blocked'] },
      { attribute: 'endTotals', is: 'absent' },
    ],
  });
  return result.kind === 'written' || result.row?.['endTotals'] !== undefined ? 'marked' : 'stale';
}

/** Clears the follow-up of the job as it was read. A follow-up that a later change requested stays. */
export async function clearFollowUp(table: Table, job: Job, done: FollowUp): Promise<void> {
  await table.write({
    kind: 'update',
    key: jobKey(job),
    change: { remove: done === 'finish' ? ['followUp', 'unclearedFrom'] : ['followUp'] },
    when: [...isUnchanged(job), { attribute: 'followUp', is: 'equal', value: done }],
  });
}

/**
 * The row of a job, and the rows that mirror it: its entry in the waitlist of its partition, and the
 * partition's count of active jobs. Every write of a job row writes them in the same transaction, so they are
 * always consistent.
 */
import { dueTime } from '#core/due.ts';
import { NewerVersion } from '#core/errors.ts';
import { holdsSlot, type Job, runOf } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import type { Condition, Row, Write } from '#core/ports.ts';
import type { PrerequisiteState } from '#core/readiness.ts';
import { dueKeys, jobKey, listKeys, partitionKey, queueKey } from './keys.ts';
import { isSettingsVersion } from './partitions.ts';
import { ttlSeconds } from './retention.ts';

/** The tombstone of a deleted id keeps its run number for longer than SQS can keep a message (14 days). */
const TOMBSTONE = 'Deleted';

export const isMissing: Condition = { attribute: 'pk', is: 'absent' };
export const isDeleted: Condition = { attribute: 'status', is: 'equal', value: TOMBSTONE };

/** True if the row belongs to the run with this number. */
export const isRun = (runNumber: number): Condition => ({
  attribute: 'runNumber',
  is: 'equal',
  value: runNumber,
});

/**
 * True if the row is as it was read: no change, no last item of a paused job, and no request to check
 * prerequisites since.
 */
export const isUnchanged = (job: Job): Condition[] => [
  isRun(job.runNumber),
  { attribute: 'version', is: 'equal', value: job.version },
  { attribute: 'endTotals', is: job.endTotals === undefined ? 'absent' : 'present' },
  job.startRevision === undefined
    ? { attribute: 'startRevision', is: 'absent' }
    : { attribute: 'startRevision', is: 'equal', value: job.startRevision },
];

export function rowOfJob(job: Job): Row {
  return { ...jobKey(job), ...listKeys(job), ...dueKeysOf(job), ...job };
}

/** Empty if nothing is scheduled to happen to the job. */
export function dueKeysOf(job: Job): { readonly duePk?: string; readonly dueSk?: string } {
  const time = dueTime(job);
  return time === undefined ? {} : dueKeys(job, time);
}

const KEY_ATTRIBUTES = ['pk', 'sk', 'listPk', 'listSk', 'duePk', 'dueSk'];

/** Version of the job rows that this release writes. A row without `v` has version 1. */
const ROW_VERSION = 1;

/**
 * Throws for a row of a higher version, which only a later release may change. Unknown attributes are kept.
 */
export function assertReadable(row: Row): void {
  const v = row['v'] ?? ROW_VERSION;
  if (Number(v) <= ROW_VERSION) return;
  throw new NewerVersion(
    `a job row has version ${String(v)}; this release reads up to ${ROW_VERSION}. Try again when the deployment is complete`,
  );
}

/**
 * Returns `undefined` for the tombstone of a deleted job. Throws `NewerVersion` for a row that only a later
 * release may change.
 */
export function jobOfRow(row: Row): Job | undefined {
  assertReadable(row);
  if (isTombstone(row)) return undefined;
  const job = Object.fromEntries(Object.entries(row).filter(([name]) => !KEY_ATTRIBUTES.includes(name)));
  if (isJob(job)) return job;
  throw new Error(`the row ${row.pk} is not valid as the row of a job`);
}

const TEXTS = ['partition', 'job', 'status', 'requestHash', 'createdBy'] as const;
const NUMBERS = ['runNumber', 'version', 'createTime', 'lastUpdateTime', 'priority'] as const;

/** Checks the members that every job has. A schema of all members would slow down each read of a row. */
function isJob(value: object): value is Job {
  const job: Partial<Record<keyof Job, unknown>> = value;
  return (
    TEXTS.every((name) => typeof job[name] === 'string') &&
    NUMBERS.every((name) => typeof job[name] === 'number') &&
    typeof job.plan === 'object' &&
    typeof job.labels === 'object'
  );
}

export function isTombstone(row: Row): boolean {
  return row['status'] === TOMBSTONE;
}

/** Returns the status in an attribute of a job's row. Throws `NewerVersion` for one that this release does not know. */
export function statusIn(row: Row, attribute: 'status' | 'statusBefore'): JobStatus {
  const status = JOB_STATUSES.find((known) => known === row[attribute]);
  if (status === undefined)
    throw new NewerVersion(
      `the ${attribute} of a job is '${row[attribute]}', which this release does not know. Try again when the deployment is complete`,
    );
  return status;
}

export function tombstone(job: Job, now: number): Row {
  return {
    ...jobKey(job),
    status: TOMBSTONE,
    runNumber: job.runNumber,
    statusBefore: job.status,
    deleteTime: now,
    ttl: ttlSeconds(now),
  };
}

/** Returns the state of a job id, for jobs that wait for it. */
export function prerequisiteStateOfRow(row: Row | undefined): PrerequisiteState {
  if (row === undefined) return { kind: 'missing' };
  const job = jobOfRow(row);
  if (job !== undefined) return { kind: 'job', job };
  const status = statusIn(row, 'statusBefore');
  return { kind: 'deleted', runNumber: Number(row['runNumber']), status, time: Number(row['deleteTime']) };
}

/** Allows a new active job only below this limit, and only while the settings are unchanged. */
export interface SlotLimit {
  readonly maxActiveJobs: number;
  readonly settingsVersion: number;
}

/**
 * Returns the writes besides the job row when `before` becomes `after`. `undefined`: the job does not exist
 * (yet, or any more).
 */
export function mirrorWrites(before: Job | undefined, after: Job | undefined, limit?: SlotLimit): Write[] {
  const job = after ?? before;
  if (job === undefined) return [];
  const slots = slotsOf(after) - slotsOf(before);
  return [...queueWrites(before, after), ...(slots === 0 ? [] : [slotWrite(job.partition, slots, limit)])];
}

function slotsOf(job: Job | undefined): number {
  return job !== undefined && holdsSlot(job) ? 1 : 0;
}

function queueWrites(before: Job | undefined, after: Job | undefined): Write[] {
  const from = before?.queued && queueKey(before);
  const to = after?.queued && queueKey(after);
  if (from?.sk === to?.sk) return [];
  return [
    ...(from === undefined ? [] : [{ kind: 'delete', key: from } as const]),
    ...(to === undefined || after === undefined
      ? []
      : [{ kind: 'put', row: { ...to, ...runOf(after) } } as const]),
  ];
}

/** True if the write changes the partition's count of active jobs. */
export function isSlotKey(partition: string, write: Write): boolean {
  return write.kind === 'update' && write.key.sk === partitionKey(partition).sk;
}

function slotWrite(partition: string, slots: number, limit: SlotLimit | undefined): Write {
  const write = {
    kind: 'update',
    key: partitionKey(partition),
    change: { add: { activeJobs: slots } },
  } as const;
  return limit === undefined ? write : { ...write, when: belowLimit(limit) };
}

function belowLimit({ maxActiveJobs, settingsVersion }: SlotLimit): Condition[] {
  return [
    isSettingsVersion(settingsVersion),
    {
      anyOf: [
        [{ attribute: 'activeJobs', is: 'absent' }],
        [{ attribute: 'activeJobs', is: 'less', value: maxActiveJobs }],
      ],
    },
  ];
}

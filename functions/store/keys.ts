/**
 * Every key of the table is built here and nowhere else. Keys of the bucket are in object-keys.ts.
 * Ids are percent-encoded, so that an id never contains a separator. Every key of a partition's data begins
 * with the partition, which prevents accidental reads across tenants.
 */
import type { JobKey, JobRun } from '#core/job.ts';
import type { PageAddress } from '#core/page.ts';
import type { Key } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';

/**
 * Fences of a job are spread over this many partition keys, so that a job with a million batches has no hot
 * key.
 */
export const FENCE_SHARDS = 16;

/** Limit on the bytes that sortable numbers add to the key of a failure. */
const MAX_SORTED_NUMBERS = 12;

export function encodeId(id: string): string {
  return encodeURIComponent(id);
}

function jobPk({ partition, job }: JobKey): string {
  return `P#${encodeId(partition)}#J#${encodeId(job)}`;
}

function runPk(run: JobRun): string {
  return `${jobPk(run)}#R${run.runNumber}`;
}

/** Returns the job whose row has this partition key; `undefined` for rows that belong to no job. */
export function jobOfKey(pk: string): JobKey | undefined {
  const [marker, partition, kind, job] = pk.split('#');
  if (marker !== 'P' || kind !== 'J' || partition === undefined || job === undefined) return undefined;
  return { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
}

/** Sort-key prefix of the job row and its progress row: one query reads both. */
export const JOB_ROWS = 'JOB';

/** Sort-key prefixes of failures, history and visits, all under `runRowsPk`. */
export const FAILURE_ROWS = 'F#';
export const HISTORY_ROWS = 'H#';
export const VISIT_ROWS = 'V#';

export function jobKey(key: JobKey): Key {
  return { pk: jobPk(key), sk: 'JOB' };
}

export function progressKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `JOB#PROGRESS#${run.runNumber}` };
}

export function requestKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `REQUEST#${run.runNumber}` };
}

/** Row that triggers the removal of a deleted job, until its rows and objects are gone. */
export function removalKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `GONE#${run.runNumber}` };
}

/** Returns the deleted run of a removal row; `undefined` for every other row. */
export function runOfRemoval({ pk, sk }: Key): JobRun | undefined {
  const key = jobOfKey(pk);
  const [kind, runNumber] = sk.split('#');
  return key === undefined || kind !== 'GONE' ? undefined : { ...key, runNumber: Number(runNumber) };
}

export function pageKey(run: JobRun, path: TaskPath, { level, page }: PageAddress): Key {
  return { pk: `${runPk(run)}#${path}#${level}.${page}`, sk: 'P' };
}

/** Sort-key prefix of the fences in a shard. */
export const FENCE_ROWS = 'N#';

export function fenceShardPk(run: JobRun, shard: number): string {
  return `${runPk(run)}#S${shard}`;
}

export function fenceKey(run: JobRun, path: TaskPath): Key {
  return { pk: fenceShardPk(run, shardOf(path, FENCE_SHARDS)), sk: `${FENCE_ROWS}${path}` };
}

/** Returns the node that a fence belongs to; `undefined` for every other row. */
export function fencedNodeOfKey({ pk, sk }: Key): { run: JobRun; path: TaskPath } | undefined {
  const key = jobOfKey(pk);
  const runNumber = /#R(\d+)#S\d+$/.exec(pk)?.[1];
  if (key === undefined || runNumber === undefined || !sk.startsWith(FENCE_ROWS)) return undefined;
  return { run: { ...key, runNumber: Number(runNumber) }, path: sk.slice(FENCE_ROWS.length) };
}

function shardOf(text: string, shards: number): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return hash % shards;
}

/** Partition key of the failures, visits and history of a run. */
export function runRowsPk(run: JobRun): string {
  return runPk(run);
}

/** Sorts failures of the job first, then those of items in the order of the tree. */
export function failureKey(run: JobRun, failureId: string): Key {
  return { pk: runPk(run), sk: `${FAILURE_ROWS}${sortableFailureId(failureId)}` };
}

/** The id of a failed item has the form `<path>/<index>/<item>`. */
function sortableFailureId(failureId: string): string {
  const [path = '', index, ...item] = failureId.split('/');
  if (index === undefined) return `!${failureId}`;
  const position = path === 'root' ? index : `${path}.${index}`;
  return withSortableNumbers([position, ...item].join('/'));
}

/** Adds the number of digits, as a letter, to each of the first numbers: 2 is `a2`, and 10 is `b10`. */
function withSortableNumbers(text: string): string {
  let numbers = 0;
  return text.replace(/\d{1,15}/g, (digits) => {
    numbers += 1;
    return numbers > MAX_SORTED_NUMBERS ? digits : `${String.fromCharCode(96 + digits.length)}${digits}`;
  });
}

/** Sorts in the order of the changes. No two changes create the same version. */
export function historyKey(run: JobRun, version: number): Key {
  return { pk: runPk(run), sk: `${HISTORY_ROWS}${String(version).padStart(12, '0')}` };
}

/** Sorts visits in the order of their nodes. */
export function visitKey(run: JobRun, node: number): Key {
  return { pk: runPk(run), sk: `${VISIT_ROWS}${String(node).padStart(6, '0')}` };
}

export function nodeOfVisitKey({ sk }: Pick<Key, 'sk'>): number {
  return Number(sk.slice(VISIT_ROWS.length));
}

const BULK = 'BULK';

/** A bulk action that continues in the background. */
export function bulkKey(partition: string, id: string): Key {
  return { pk: `P#${encodeId(partition)}#B#${encodeId(id)}`, sk: BULK };
}

/** Returns the bulk action of this row; `undefined` for every other row. */
export function bulkOfKey({ pk, sk }: Key): { partition: string; id: string } | undefined {
  const [marker, partition, kind, id] = pk.split('#');
  if (sk !== BULK || marker !== 'P' || kind !== 'B') return undefined;
  if (partition === undefined || id === undefined) return undefined;
  return { partition: decodeURIComponent(partition), id: decodeURIComponent(id) };
}

/** Keys of the index `by-partition`, which lists the jobs of a partition in the order of creation. */
export function listKeys(job: JobKey & { readonly createTime: number }): { listPk: string; listSk: string } {
  return {
    listPk: `P#${encodeId(job.partition)}`,
    listSk: `${String(job.createTime).padStart(14, '0')}#${encodeId(job.job)}`,
  };
}

/** Row with the settings of a partition and its number of active jobs. */
export function partitionKey(partition: string): Key {
  return { pk: `P#${encodeId(partition)}`, sk: 'PARTITION' };
}

/** Returns the partition of a settings row; `undefined` for every other row. */
export function partitionOfKey({ pk, sk }: Key): string | undefined {
  const [marker, partition, ...rest] = pk.split('#');
  if (sk !== 'PARTITION' || marker !== 'P' || partition === undefined || rest.length > 0) return undefined;
  return decodeURIComponent(partition);
}

/**
 * Row with the number of requests that a partition may send now. The partition `*` counts requests with
 * tokens for all partitions.
 */
export function rateKey(partition: string): Key {
  return { pk: `P#${encodeId(partition)}`, sk: 'RATE' };
}

/** Waitlist of a partition: the jobs that could start if a slot were free. */
export function queuePk(partition: string): string {
  return `P#${encodeId(partition)}#Q`;
}

/** Sorts in the order in which jobs start: the highest priority first, then the oldest. */
export function queueKey(job: JobKey & { readonly priority: number; readonly createTime: number }): Key {
  const sk = `${9 - job.priority}#${String(job.createTime).padStart(14, '0')}#${encodeId(job.job)}`;
  return { pk: queuePk(job.partition), sk };
}

/** Sort-key prefix of the rows that name the dependents of a job. */
export const DEPENDENT_ROWS = 'DEP#';

/** Row of a job that waits for `prerequisite`, stored under the key of the prerequisite. */
export function dependentKey(prerequisite: string, dependent: JobRun): Key {
  const { partition, job, runNumber } = dependent;
  return {
    pk: jobPk({ partition, job: prerequisite }),
    sk: `${DEPENDENT_ROWS}${encodeId(job)}#${runNumber}`,
  };
}

/** Partition key of all rows of a job that belong to no single run. */
export function jobRowsPk(key: JobKey): string {
  return jobPk(key);
}

/** Number of partition keys of the index `due`, so that a busy minute makes none of them hot. */
export const DUE_SHARDS = 8;

export function duePk(shard: number): string {
  return `DUE#${shard}`;
}

/** Returns the upper bound of the sort keys that are due at this time, inclusive. */
export function dueUpTo(time: number): string {
  return dueText(time + 1);
}

function dueText(time: number): string {
  return String(Math.max(0, time)).padStart(16, '0');
}

/** Keys of the index `due`, which lists the jobs that need attention and when. */
export function dueKeys(job: JobKey, time: number): { duePk: string; dueSk: string } {
  const pk = jobPk(job);
  return { duePk: duePk(shardOf(pk, DUE_SHARDS)), dueSk: `${dueText(time)}#${pk}` };
}

/**
 * Keys of named documents that belong to a partition or, without one, to the stack. The current documents
 * share one partition key; the versions of each document have another one. A partition also has a row with
 * the number of its documents.
 */
function versionedKeys(kind: 'TYPE' | 'TEMPLATE', partition: string | undefined) {
  const owner = partition === undefined ? '' : `P#${encodeId(partition)}#`;
  const pk = `${owner}${kind}S`;
  const versionsPk = (name: string) => `${owner}${kind}#${encodeId(name)}`;
  return {
    pk,
    begins: `${kind}#`,
    key: (name: string): Key => ({ pk, sk: `${kind}#${encodeId(name)}` }),
    countKey: partition === undefined ? undefined : { pk, sk: 'COUNT' },
    versionsPk,
    versionKey: (name: string, version: number): Key => ({
      pk: versionsPk(name),
      sk: `V#${String(version).padStart(10, '0')}`,
    }),
  };
}

export function jobTypeKeys(partition: string | undefined) {
  return versionedKeys('TYPE', partition);
}

export function templateKeys(partition: string | undefined) {
  return versionedKeys('TEMPLATE', partition);
}

/**
 * Row of the job that a request with this Idempotency-Key created. The key may be long, so its hash is
 * stored.
 */
export function idempotencyKey(partition: string, keyHash: string): Key {
  return { pk: `P#${encodeId(partition)}#K#${keyHash}`, sk: 'KEY' };
}

/** Row with the secret that signs the cursors of all partitions. It belongs to the stack. */
export const CURSOR_SECRET: Key = { pk: 'SETTINGS', sk: 'CURSOR-KEY' };

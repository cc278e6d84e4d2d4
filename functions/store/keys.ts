/**
 * Every key of the table, built here and nowhere else; those of the bucket are in object-keys.ts.
 *
 * Ids come percent-encoded, so that no id can look like a separator; the key of whatever belongs to a partition begins
 * with it, so that nothing can be read across tenants by mistake.
 */
import type { JobKey, JobRun } from '#core/job.ts';
import type { PageAddress } from '#core/page.ts';
import type { Key } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';

/** Fences of a job are spread over this many sort-key ranges, so that a job of a million batches has no hot key. */
export const FENCE_SHARDS = 16;

export function encodeId(id: string): string {
  return encodeURIComponent(id);
}

function jobPk({ partition, job }: JobKey): string {
  return `P#${encodeId(partition)}#J#${encodeId(job)}`;
}

function runPk(run: JobRun): string {
  return `${jobPk(run)}#G${run.generation}`;
}

/** The job whose row stands under this partition key; `undefined` for rows that belong to no job. */
export function jobOfKey(pk: string): JobKey | undefined {
  const [marker, partition, kind, job] = pk.split('#');
  if (marker !== 'P' || kind !== 'J' || partition === undefined || job === undefined) return undefined;
  return { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
}

/** Rows of the job itself and of its progress begin so: one query reads both. */
export const JOB_ROWS = 'JOB';

/** So begin the rows of these kinds, all under `runRowsPk`. */
export const FAILURE_ROWS = 'F#';
export const HISTORY_ROWS = 'H#';
export const VISIT_ROWS = 'V#';

export function jobKey(key: JobKey): Key {
  return { pk: jobPk(key), sk: 'JOB' };
}

export function progressKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `JOB#PROGRESS#${run.generation}` };
}

export function requestKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `REQUEST#${run.generation}` };
}

/** What is owed of a deleted generation until its rows and objects are gone. */
export function removalKey(run: JobRun): Key {
  return { pk: jobPk(run), sk: `GONE#${run.generation}` };
}

/** The generation that such a row is about; `undefined` for every other row. */
export function removedGeneration({ sk }: Key): number | undefined {
  const [kind, generation] = sk.split('#');
  return kind === 'GONE' ? Number(generation) : undefined;
}

export function pageKey(run: JobRun, path: TaskPath, { level, page }: PageAddress): Key {
  return { pk: `${runPk(run)}#${path}#${level}.${page}`, sk: 'P' };
}

export function fenceShardPk(run: JobRun, shard: number): string {
  return `${runPk(run)}#S${shard}`;
}

export function fenceKey(run: JobRun, path: TaskPath): Key {
  return { pk: fenceShardPk(run, shardOf(path, FENCE_SHARDS)), sk: `N#${path}` };
}

function shardOf(text: string, shards: number): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return hash % shards;
}

/** Failures, visits of steps and history of a generation. */
export function runRowsPk(run: JobRun): string {
  return runPk(run);
}

export function failureKey(run: JobRun, failureId: string): Key {
  return { pk: runPk(run), sk: `${FAILURE_ROWS}${failureId}` };
}

/** Sorts as the changes were made; no two of them make the same version. */
export function historyKey(run: JobRun, version: number): Key {
  return { pk: runPk(run), sk: `${HISTORY_ROWS}${String(version).padStart(12, '0')}` };
}

/** Visits of steps in the order of their nodes. */
export function visitKey(run: JobRun, node: number): Key {
  return { pk: runPk(run), sk: `${VISIT_ROWS}${String(node).padStart(6, '0')}` };
}

const BULK = 'BULK';

/** A bulk action that goes on in the background. */
export function bulkKey(partition: string, id: string): Key {
  return { pk: `P#${encodeId(partition)}#B#${encodeId(id)}`, sk: BULK };
}

/** The bulk action whose row this is; `undefined` for every other row. */
export function bulkOfKey({ pk, sk }: Key): { partition: string; id: string } | undefined {
  const [marker, partition, kind, id] = pk.split('#');
  if (sk !== BULK || marker !== 'P' || kind !== 'B') return undefined;
  if (partition === undefined || id === undefined) return undefined;
  return { partition: decodeURIComponent(partition), id: decodeURIComponent(id) };
}

/** The index `by-partition`: the jobs of a partition in the order of their creation. */
export function listKeys(job: JobKey & { readonly createTime: number }): { listPk: string; listSk: string } {
  return {
    listPk: `P#${encodeId(job.partition)}`,
    listSk: `${String(job.createTime).padStart(14, '0')}#${encodeId(job.job)}`,
  };
}

/** Settings of a partition, and how many of its jobs are under way. */
export function partitionKey(partition: string): Key {
  return { pk: `P#${encodeId(partition)}`, sk: 'PARTITION' };
}

/** The partition whose settings these are; `undefined` for every other row. */
export function partitionOfKey({ pk, sk }: Key): string | undefined {
  const [marker, partition, ...rest] = pk.split('#');
  if (sk !== 'PARTITION' || marker !== 'P' || partition === undefined || rest.length > 0) return undefined;
  return decodeURIComponent(partition);
}

/** How many requests a partition may send just now. `*` is no partition: requests of tokens for all of them. */
export function rateKey(partition: string): Key {
  return { pk: `P#${encodeId(partition)}`, sk: 'RATE' };
}

/** Jobs of a partition that could start, if there were a place for them. */
export function queuePk(partition: string): string {
  return `P#${encodeId(partition)}#Q`;
}

/** In the order in which they start: the highest priority first, then the oldest. */
export function queueKey(job: JobKey & { readonly priority: number; readonly createTime: number }): Key {
  const sk = `${9 - job.priority}#${String(job.createTime).padStart(14, '0')}#${encodeId(job.job)}`;
  return { pk: queuePk(job.partition), sk };
}

/** So begin the rows of a job that name who waits for it. */
export const DEPENDENT_ROWS = 'DEP#';

/** A job that waits for `prerequisite`, under that one's key. */
export function dependentKey(prerequisite: string, dependent: JobRun): Key {
  const { partition, job, generation } = dependent;
  return {
    pk: jobPk({ partition, job: prerequisite }),
    sk: `${DEPENDENT_ROWS}${encodeId(job)}#${generation}`,
  };
}

/** All rows of a job that are not of one generation stand here. */
export function jobRowsPk(key: JobKey): string {
  return jobPk(key);
}

/** The index `due` has this many partitions, so that a busy minute makes none of them hot. */
export const DUE_SHARDS = 8;

export function duePk(shard: number): string {
  return `DUE#${shard}`;
}

/** What is due up to this time, that one included, has sort keys up to this. */
export function dueUpTo(time: number): string {
  return dueText(time + 1);
}

function dueText(time: number): string {
  return String(Math.max(0, time)).padStart(16, '0');
}

/** The index `due`: what somebody has to look at, and when. */
export function dueKeys(job: JobKey, time: number): { duePk: string; dueSk: string } {
  const pk = jobPk(job);
  return { duePk: duePk(shardOf(pk, DUE_SHARDS)), dueSk: `${dueText(time)}#${pk}` };
}

/**
 * Documents by name, of one partition or, without one, of the stack: the current ones have one partition key, the
 * versions of each another one. Those of a partition have a row with their number.
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

/** Which job a request with this Idempotency-Key has made; the key may be long, so its hash stands here. */
export function idempotencyKey(partition: string, keyHash: string): Key {
  return { pk: `P#${encodeId(partition)}#K#${keyHash}`, sk: 'KEY' };
}

/** What signs the cursors of all partitions: it belongs to the stack. */
export const CURSOR_SECRET: Key = { pk: 'SETTINGS', sk: 'CURSOR-KEY' };

/**
 * Every key of the bucket, built here and nowhere else. Behind the area comes the partition, percent-encoded like all
 * ids, so that nothing can be read across tenants by mistake.
 */
import type { JobKey, JobRun } from '#core/job.ts';
import type { TaskPath } from '#core/task-path.ts';
import { encodeId } from './keys.ts';

export const OBJECT_AREAS = [
  'requests',
  'manifests',
  'definitions',
  'chunks',
  'outcomes',
  'outputs',
  'marks',
  'held',
] as const;
export type ObjectArea = (typeof OBJECT_AREAS)[number];

/** All objects of one area of a job generation begin so. */
export function objectPrefix(area: ObjectArea, run: JobRun): string {
  return `${area}/${encodeId(run.partition)}/${encodeId(run.job)}/${run.generation}/`;
}

/** A captured request that is too large for its row. */
export function requestObjectKey(job: JobKey, uniqueId: string): string {
  return `requests/${encodeId(job.partition)}/${encodeId(job.job)}/${uniqueId}.json`;
}

/** Sorts as the children of a node were sent. */
function chunkName(path: TaskPath, index: number): string {
  return `${path === '' ? 'root' : path}/${String(index).padStart(10, '0')}`;
}

export function outcomeKey(run: JobRun, path: TaskPath, index: number): string {
  return `${objectPrefix('outcomes', run)}${chunkName(path, index)}.jsonl`;
}

/** The children of a slice, written down before they are sent. */
export function manifestKey(run: JobRun, path: TaskPath, slices: number): string {
  return `${objectPrefix('manifests', run)}${chunkName(path, slices)}.json`;
}

/** What is too large for the message of a batch: by its path, or by a name of the whole run. */
export function definitionKey(run: JobRun, name: string): string {
  return `${objectPrefix('definitions', run)}${name}.json`;
}

/** What is too large for the message of a chunk is kept at keys that begin so, one for each member. */
export function chunkPrefix(run: JobRun, path: TaskPath, index: number): string {
  return `${objectPrefix('chunks', run)}${chunkName(path, index)}`;
}

/** That a chunk was begun: whoever finds it knows that it did not end. */
export function markKey(run: JobRun, path: TaskPath, index: number): string {
  return `${objectPrefix('marks', run)}${chunkName(path, index)}`;
}

/** The last error of a chunk that came again as a whole. */
export function chunkErrorKey(run: JobRun, path: TaskPath, index: number): string {
  return `${markKey(run, path, index)}.error`;
}

/** Parts that one try of an item makes: no twin, however slow, writes into the folder of another one. */
export function outputFolder(run: JobRun, path: TaskPath, index: number, uniqueName: string): string {
  return `${objectPrefix('outputs', run)}${chunkName(path, index)}/${uniqueName}`;
}

/** Messages that were held together; the same ones held again lie at the same key. */
export function heldKey(run: JobRun, name: string): string {
  return `${objectPrefix('held', run)}${encodeId(name)}.json`;
}

/** What a partition may read in the stack's own bucket, beside the objects of its own jobs. */
export function readablePrefixes(partition: string): string[] {
  const id = encodeId(partition);
  return [`uploads/${id}/`, `data/${id}/`, inboxPrefix(partition), `outputs/${id}/`, `outcomes/${id}/`];
}

/** Where the scanner looks for requests of the partition, and for the files that they name. */
export function inboxPrefix(partition: string): string {
  return `inbox/${encodeId(partition)}/`;
}

export function uploadKey(partition: string, uploadId: string): string {
  return `uploads/${encodeId(partition)}/${uploadId}`;
}

/** The job whose object lies under this key; `undefined` for uploads and the like. */
export function jobOfObject(key: string): JobKey | undefined {
  const [area, partition, job, rest] = key.split('/');
  const isJobs = (OBJECT_AREAS as readonly string[]).includes(area ?? '');
  if (!isJobs || partition === undefined || job === undefined || rest === undefined) return undefined;
  return { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
}

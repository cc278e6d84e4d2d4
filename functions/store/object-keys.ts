/**
 * Every key of the bucket, built here and nowhere else. Behind the area comes the partition, percent-encoded like all
 * ids, so that nothing can be read across tenants by mistake.
 */
import { PermanentFailure } from '#core/errors.ts';
import type { JobKey, JobRun } from '#core/job.ts';
import {
  type ObjectKey,
  type ObjectPrefix,
  objectKeyProblem,
  parseObjectKey,
  parseObjectPrefix,
} from '#core/object-address.ts';
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
export function objectPrefix(area: ObjectArea, run: JobRun): ObjectPrefix {
  return parseObjectPrefix(`${areaPrefix(area, run.partition)}${encodeId(run.job)}/${run.generation}/`);
}

function areaPrefix(area: string, partition: string): string {
  return `${area}/${encodeId(partition)}/`;
}

/** A captured request that is too large for its row. */
export function requestObjectKey(job: JobKey, uniqueId: string): ObjectKey {
  return parseObjectKey(`${areaPrefix('requests', job.partition)}${encodeId(job.job)}/${uniqueId}.json`);
}

/** Sorts as the children of a node were sent. */
function chunkName(path: TaskPath, index: number): string {
  return `${path === '' ? 'root' : path}/${String(index).padStart(10, '0')}`;
}

export function outcomeKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${objectPrefix('outcomes', run)}${chunkName(path, index)}.jsonl`);
}

/** Outcomes of a node (`/`), or of the nodes below it (`.`). */
export function nodePrefix(run: JobRun, node: number, separator: '.' | '/'): ObjectPrefix {
  return parseObjectPrefix(`${objectPrefix('outcomes', run)}${node}${separator}`);
}

/** The children of a slice, written down before they are sent. */
export function manifestKey(run: JobRun, path: TaskPath, slices: number): ObjectKey {
  return parseObjectKey(`${objectPrefix('manifests', run)}${chunkName(path, slices)}.json`);
}

/** What is too large for the message of a batch: by its path, or by a name of the whole run. */
export function definitionKey(run: JobRun, name: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('definitions', run)}${name}.json`);
}

/** A member of a chunk's message that is too large for it. */
export function chunkKey(run: JobRun, path: TaskPath, index: number, ending: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('chunks', run)}${chunkName(path, index)}.${ending}`);
}

/** That a chunk was begun: whoever finds it knows that it did not end. */
export function markKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${objectPrefix('marks', run)}${chunkName(path, index)}`);
}

/** The last error of a chunk that came again as a whole. */
export function chunkErrorKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${markKey(run, path, index)}.error`);
}

/** Parts that one try of an item makes: no twin, however slow, writes into the folder of another one. */
export function outputFolder(run: JobRun, path: TaskPath, index: number, uniqueName: string): ObjectPrefix {
  return parseObjectPrefix(`${objectPrefix('outputs', run)}${chunkName(path, index)}/${uniqueName}/`);
}

const MAX_ENCODED_NAME = 200;

/** One file of an output folder; files of one name differ by their position. */
export function outputKey(folder: ObjectPrefix, position: number, filename: string): ObjectKey {
  return keyBelow(folder, `${position}-${encodeId(filename).slice(-MAX_ENCODED_NAME)}`);
}

/** Messages that were held together; the same ones held again lie at the same key. */
export function heldKey(run: JobRun, name: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('held', run)}${encodeId(name)}.json`);
}

const READABLE_AREAS = ['uploads', 'data', 'inbox', 'outputs', 'outcomes'] as const;

/** Prefixes that a partition may read in the stack's own bucket. Each ends with `/`, so `p1` does not cover `p1x`. */
export function readablePrefixes(partition: string): ObjectPrefix[] {
  return READABLE_AREAS.map((area) => parseObjectPrefix(areaPrefix(area, partition)));
}

/** The key, if the partition may read it. */
export function readableKey(partition: string, text: string): ObjectKey | undefined {
  if (objectKeyProblem(text) !== undefined) return undefined;
  const key = parseObjectKey(text);
  return readablePrefixes(partition).some((prefix) => key.startsWith(prefix)) ? key : undefined;
}

/** Areas of which a result may link to a file: those that the role of the API may read, too. */
export const LINKED_AREAS = ['uploads', 'outputs', 'outcomes'] as const;

/** The key, if the API may sign a link to it for members of the partition. */
export function linkableKey(partition: string, text: string): ObjectKey | undefined {
  const key = readableKey(partition, text);
  return LINKED_AREAS.some((area) => key?.startsWith(areaPrefix(area, partition))) ? key : undefined;
}

/** Where the scanner looks for requests of the partition, and for the files that they name. */
export function inboxPrefix(partition: string): ObjectPrefix {
  return parseObjectPrefix(areaPrefix('inbox', partition));
}

export function uploadKey(partition: string, uploadId: string): ObjectKey {
  return parseObjectKey(`${areaPrefix('uploads', partition)}${uploadId}`);
}

export function keyBelow(prefix: ObjectPrefix, name: string): ObjectKey {
  return parseObjectKey(`${prefix}${name}`);
}

/** The key in a message or row of a job: it must lie in an area of the job's own partition. */
export function keyOfPartition(partition: string, text: string): ObjectKey {
  const key = parseObjectKey(text);
  if (OBJECT_AREAS.some((area) => key.startsWith(areaPrefix(area, partition)))) return key;
  throw new PermanentFailure('source-forbidden', `key '${key}' does not belong to partition '${partition}'`);
}

/** The job whose object lies under this key; `undefined` for uploads and the like. */
export function jobOfObject(key: string): JobKey | undefined {
  const [area, partition, job, rest] = key.split('/');
  const isJobs = (OBJECT_AREAS as readonly string[]).includes(area ?? '');
  if (!isJobs || partition === undefined || job === undefined || rest === undefined) return undefined;
  return { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
}

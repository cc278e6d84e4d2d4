/**
 * Every key of the bucket is built here and nowhere else. The partition follows the area, percent-encoded
 * like all ids, which prevents accidental reads across tenants.
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
import { ROOT, type TaskPath } from '#core/task-path.ts';
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

/** Prefix of all objects in one area of a run. */
export function objectPrefix(area: ObjectArea, run: JobRun): ObjectPrefix {
  return parseObjectPrefix(`${areaPrefix(area, run.partition)}${encodeId(run.job)}/${run.runNumber}/`);
}

function areaPrefix(area: string, partition: string): string {
  return `${area}/${encodeId(partition)}/`;
}

/** A captured request that is too large for its row. */
export function requestObjectKey(job: JobKey, uniqueId: string): ObjectKey {
  return parseObjectKey(`${areaPrefix('requests', job.partition)}${encodeId(job.job)}/${uniqueId}.json`);
}

/** Sorts in the order in which the children of a node were sent. */
function chunkName(path: TaskPath, index: number): string {
  return `${path === '' ? 'root' : path}/${String(index).padStart(10, '0')}`;
}

/**
 * First character of the name of a block that a sender of reports wrote. Ids in keys never contain it, so a role can be
 * limited to such blocks.
 */
export const SPILLED_BLOCK = '@';

/** A block with outcomes of many chunks. */
export function blockKey(run: JobRun, block: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('outcomes', run)}${block}`);
}

/** The children of a slice, stored before they are sent. */
export function manifestKey(run: JobRun, path: TaskPath, slices: number): ObjectKey {
  return parseObjectKey(`${objectPrefix('manifests', run)}${chunkName(path, slices)}.json`);
}

/** Content that is too large for the message of a batch, named by its path or by a name within the run. */
export function definitionKey(run: JobRun, name: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('definitions', run)}${name}.json`);
}

/** A field that is too large for a chunk's message. */
export function chunkKey(run: JobRun, path: TaskPath, index: number, ending: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('chunks', run)}${chunkName(path, index)}.${ending}`);
}

/**
 * Marks that a chunk was started. A worker that finds the mark knows that the earlier run of the chunk did
 * not end.
 */
export function markKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${objectPrefix('marks', run)}${chunkName(path, index)}`);
}

/** The last error of a chunk that was redelivered as a whole. */
export function chunkErrorKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${markKey(run, path, index)}.error`);
}

/** Note about a chunk that is tried again after a failed attempt. */
export function retryNoteKey(run: JobRun, path: TaskPath, index: number): ObjectKey {
  return parseObjectKey(`${markKey(run, path, index)}.retry`);
}

/** Prefix of the marks, errors and notes of the chunks of a node, or of all nodes of the run. */
export function markPrefix(run: JobRun, path?: TaskPath): ObjectPrefix {
  const node = path === undefined ? '' : `${path === '' ? 'root' : path}/`;
  return parseObjectPrefix(`${objectPrefix('marks', run)}${node}`);
}

const MARK_NAME = /^(root|\d+(?:\.\d+)*)\/(\d{10})(?:\.(error|retry))?$/;

/** Returns the chunk of a mark, an error or a note; `undefined` for any other object. */
export function chunkOfMark(
  run: JobRun,
  key: string,
): { path: TaskPath; index: number; kind: 'mark' | 'error' | 'retry' } | undefined {
  const match = MARK_NAME.exec(key.slice(markPrefix(run).length));
  if (match === null || !key.startsWith(markPrefix(run))) return undefined;
  const [, node = '', index = '', kind = 'mark'] = match;
  return {
    path: node === 'root' ? ROOT : node,
    index: Number(index),
    kind: kind as 'mark' | 'error' | 'retry',
  };
}

/** Returns a key that sorts before all objects of this chunk in `markPrefix(run, path)`, after those of earlier chunks. */
export function beforeMark(run: JobRun, path: TaskPath, index: number): string {
  return index === 0 ? markPrefix(run, path) : `${markKey(run, path, index - 1)}.~`;
}

/**
 * Folder for the parts that one attempt of an item creates. A slow duplicate never writes into the folder of
 * another attempt.
 */
export function outputFolder(run: JobRun, path: TaskPath, index: number, uniqueName: string): ObjectPrefix {
  return parseObjectPrefix(`${objectPrefix('outputs', run)}${chunkName(path, index)}/${uniqueName}/`);
}

const MAX_ENCODED_NAME = 200;

/** A file of an output folder. The position distinguishes files of the same name. */
export function outputKey(folder: ObjectPrefix, position: number, filename: string): ObjectKey {
  return keyBelow(folder, `${position}-${encodeId(filename).slice(-MAX_ENCODED_NAME)}`);
}

/** A file that a splitter keeps for its run. Folders of attempts have names with digits, or `root`. */
export function keptFileKey(run: JobRun, name: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('outputs', run)}split/${encodeId(name)}`);
}

/** A payload that is too large for the outcome of its item. Names of output files begin with a number. */
export function payloadKey(folder: ObjectPrefix): ObjectKey {
  return keyBelow(folder, 'payload.json');
}

/** Messages that were held together. Holding the same messages again uses the same key. */
export function heldKey(run: JobRun, name: string): ObjectKey {
  return parseObjectKey(`${objectPrefix('held', run)}${encodeId(name)}.json`);
}

/** Areas below which a partition may read, besides the objects of its jobs that only functions read. */
export const READABLE_AREAS = ['uploads', 'data', 'inbox', 'outputs', 'outcomes'] as const;

/**
 * Prefixes that a partition may read in the stack's own bucket. Each ends with `/`, so `p1` does not match
 * `p1x`.
 */
export function readablePrefixes(partition: string): ObjectPrefix[] {
  return READABLE_AREAS.map((area) => parseObjectPrefix(areaPrefix(area, partition)));
}

/** Returns the key if the partition may read it. */
export function readableKey(partition: string, text: string): ObjectKey | undefined {
  if (objectKeyProblem(text) !== undefined) return undefined;
  const key = parseObjectKey(text);
  return readablePrefixes(partition).some((prefix) => key.startsWith(prefix)) ? key : undefined;
}

/** Areas whose files a result may link to. The API's role may read them, too. */
export const LINKED_AREAS = ['uploads', 'outputs', 'outcomes'] as const;

/** Returns the key if the API may sign a link to it for callers of the partition. */
export function linkableKey(partition: string, text: string): ObjectKey | undefined {
  const key = readableKey(partition, text);
  return LINKED_AREAS.some((area) => key?.startsWith(areaPrefix(area, partition))) ? key : undefined;
}

/** Prefix where the scanner looks for the partition's requests and the files that they name. */
export function inboxPrefix(partition: string): ObjectPrefix {
  return parseObjectPrefix(areaPrefix('inbox', partition));
}

export function uploadKey(partition: string, uploadId: string): ObjectKey {
  return parseObjectKey(`${areaPrefix('uploads', partition)}${uploadId}`);
}

/** Prefix of the uploads of a partition. The rest of a key is the id of the upload. */
export function uploadPrefix(partition: string): ObjectPrefix {
  return parseObjectPrefix(areaPrefix('uploads', partition));
}

/** Returns the key of an upload; `undefined` if no upload can have this id. */
export function existingUploadKey(partition: string, uploadId: string): ObjectKey | undefined {
  return readableKey(partition, `${areaPrefix('uploads', partition)}${uploadId}`);
}

export function keyBelow(prefix: ObjectPrefix, name: string): ObjectKey {
  return parseObjectKey(`${prefix}${name}`);
}

/**
 * Validates an object key from a message or row of a job. It must be in an area of the job's own partition.
 */
export function keyOfPartition(partition: string, text: string): ObjectKey {
  const key = parseObjectKey(text);
  if (OBJECT_AREAS.some((area) => key.startsWith(areaPrefix(area, partition)))) return key;
  throw new PermanentFailure('source-forbidden', `key '${key}' does not belong to partition '${partition}'`);
}

/** Returns the job that the object belongs to; `undefined` for uploads and other objects without a job. */
export function jobOfObject(key: string): JobKey | undefined {
  const [area, partition, job, rest] = key.split('/');
  const isJobs = (OBJECT_AREAS as readonly string[]).includes(area ?? '');
  if (!isJobs || partition === undefined || job === undefined || rest === undefined) return undefined;
  return { partition: decodeURIComponent(partition), job: decodeURIComponent(job) };
}

import { classifyFailure, UNKNOWN_CODE } from './classify-failure.ts';
import type { Failure } from './job.ts';
import { byteLength } from './send.ts';
import type { TaskPath } from './task-path.ts';

const MAX_MESSAGE_BYTES = 500;
const MAX_STACK_BYTES = 300;
const MAX_ITEM_BYTES = 120;
const MAX_CODE_BYTES = 60;

/**
 * Maximum size of all strings of a failure together. Its row then fits in one write unit (1 KB) if the ids of
 * partition and job have at most 60 bytes together. The failure id is in the row three times: in its key, as
 * an attribute and in the source. The key is up to 12 bytes longer, so that it sorts by number.
 */
const MAX_TEXT_BYTES = 818;
const ID_COPIES = 3;

export interface FailureLocation {
  /** Name of the step, if the job runs a template. */
  readonly step?: string | undefined;
  readonly path: TaskPath;
  readonly index?: number;
  readonly item?: string;
}

/**
 * Returns an id that is the same for the same failure of the same item, so recording it twice leaves one row.
 */
export function failureIdOf({ path, index, item }: FailureLocation): string {
  const node = path === '' ? 'root' : path;
  return [node, index, item === undefined ? undefined : shortenId(item)]
    .filter((part) => part !== undefined)
    .join('/');
}

/** Returns the path of the node that failed; `root` for the job as a whole. */
export function pathOfFailure({ failureId }: Pick<Failure, 'failureId'>): string {
  return failureId.split('/')[0] ?? '';
}

const ITEM_FAILURE_ID = /^([^/]+)\/(\d+)\/(.+)$/s;

/** Returns the location in the id of an item's failure. Long item ids are shortened (`shortenId`). */
export function itemOfFailure(
  failureId: string,
): { path: TaskPath; index: number; item: string } | undefined {
  const [, node, index, item] = ITEM_FAILURE_ID.exec(failureId) ?? [];
  if (node === undefined || item === undefined) return undefined;
  return { path: node === 'root' ? '' : node, index: Number(index), item };
}

export function failureOf(
  location: FailureLocation,
  error: unknown,
  options: { now: number; attempts: number },
): Failure {
  const classified = classifyFailure(error);
  const isUnexpected = classified.code === UNKNOWN_CODE;
  const code = isUnexpected ? 'worker-error' : truncate(classified.code, MAX_CODE_BYTES);
  const stack = isUnexpected && error instanceof Error ? error.stack : undefined;
  const failureId = failureIdOf(location);
  const availableBytes =
    MAX_TEXT_BYTES - ID_COPIES * byteLength(failureId) - byteLength(code + stepPrefix(location));
  const message = truncate(
    isUnexpected ? messageOf(error) : classified.message,
    Math.min(availableBytes, MAX_MESSAGE_BYTES),
  );
  const stackBytes = Math.min(availableBytes - byteLength(message), MAX_STACK_BYTES);
  return {
    failureId,
    failureTime: options.now,
    failureSource: sourceOf(location),
    failureMessage: message || 'the error of the worker has no message',
    code,
    attempts: options.attempts,
    ...(stack === undefined ? {} : { stack: truncate(stack, stackBytes) }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stepPrefix({ step }: FailureLocation): string {
  return step === undefined ? '' : `step ${step}, `;
}

function sourceOf(location: FailureLocation): string {
  const { path, index, item } = location;
  const node = `${stepPrefix(location)}batch ${path === '' ? 'root' : path}`;
  return item === undefined ? node : `${node}, chunk ${index ?? 0}, item ${shortenId(item)}`;
}

/** Returns the failure under its new location: a step can have a different path in each run. */
export function movedFailure(failure: Failure, location: FailureLocation): Failure {
  return { ...failure, failureId: failureIdOf(location), failureSource: sourceOf(location) };
}

/**
 * Shortens an item id for use in keys; item ids can be as long as S3 keys. A hash keeps shortened ids
 * distinct.
 */
export function shortenId(id: string): string {
  return byteLength(id) <= MAX_ITEM_BYTES ? id : `${truncate(id, MAX_ITEM_BYTES)}~${hashOf(id)}`;
}

/** Returns the FNV-1a hash of a string, which is short and the same on every platform. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(36);
}

const encoder = new TextEncoder();

/**
 * Returns the longest prefix of whole characters that fits. Half of a surrogate pair is not valid Unicode, so
 * DynamoDB may reject it.
 */
export function truncate(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(Math.max(0, maxBytes)));
  return text.slice(0, read).toWellFormed();
}

import { classifyFailure, UNKNOWN_CODE } from './classify-failure.ts';
import type { Failure } from './job.ts';
import { byteLength } from './send.ts';
import type { TaskPath } from './task-path.ts';

const MAX_MESSAGE_BYTES = 500;
const MAX_STACK_BYTES = 300;
const MAX_ITEM_BYTES = 120;
const MAX_CODE_BYTES = 60;

/**
 * What the texts of a failure may take together, so that its row stays below one write unit (1 KB) where partition and
 * job have ids of up to 60 bytes together. The id is in a row three times: in its key, by itself and in the source.
 */
const MAX_TEXT_BYTES = 830;
const ID_COPIES = 3;

export interface FailurePlace {
  /** By its name, where the job runs a template. */
  readonly step?: string | undefined;
  readonly path: TaskPath;
  readonly index?: number;
  readonly item?: string;
}

/** The same failure of the same item gets the same id, so recording it twice leaves one row. */
export function failureIdOf({ path, index, item }: FailurePlace): string {
  const node = path === '' ? 'root' : path;
  return [node, index, item === undefined ? undefined : shortened(item)]
    .filter((part) => part !== undefined)
    .join('/');
}

/** Where it happened; of the job as a whole, `root`. */
export function pathOfFailure({ failureId }: Pick<Failure, 'failureId'>): string {
  return failureId.split('/')[0] ?? '';
}

export function failureOf(
  place: FailurePlace,
  error: unknown,
  options: { now: number; attempts: number },
): Failure {
  const classified = classifyFailure(error);
  const isUnexpected = classified.code === UNKNOWN_CODE;
  const code = isUnexpected ? 'worker-error' : cut(classified.code, MAX_CODE_BYTES);
  const stack = isUnexpected && error instanceof Error ? error.stack : undefined;
  const failureId = failureIdOf(place);
  const room = MAX_TEXT_BYTES - ID_COPIES * byteLength(failureId) - byteLength(code + stepWords(place));
  const message = cut(isUnexpected ? wordsOf(error) : classified.message, Math.min(room, MAX_MESSAGE_BYTES));
  const left = Math.min(room - byteLength(message), MAX_STACK_BYTES);
  return {
    failureId,
    failureTime: options.now,
    failureSource: sourceOf(place),
    failureMessage: message || 'the worker gave no reason',
    code,
    attempts: options.attempts,
    ...(stack === undefined ? {} : { stack: cut(stack, left) }),
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stepWords({ step }: FailurePlace): string {
  return step === undefined ? '' : `step ${step}, `;
}

function sourceOf(place: FailurePlace): string {
  const { path, index, item } = place;
  const node = `${stepWords(place)}batch ${path === '' ? 'root' : path}`;
  return item === undefined ? node : `${node}, chunk ${index ?? 0}, item ${shortened(item)}`;
}

/** The same failure where a retry keeps it: the same step may have another path in each run. */
export function movedFailure(failure: Failure, place: FailurePlace): Failure {
  return { ...failure, failureId: failureIdOf(place), failureSource: sourceOf(place) };
}

/** Item ids may be as long as S3 keys; a hash keeps shortened ones apart. */
export function shortened(id: string): string {
  return byteLength(id) <= MAX_ITEM_BYTES ? id : `${cut(id, MAX_ITEM_BYTES)}~${hashOf(id)}`;
}

/** FNV-1a: short, and the same everywhere. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(36);
}

const encoder = new TextEncoder();

/** The whole characters at the beginning of a text that fit; half of a pair is no text that a table must take. */
function cut(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(Math.max(0, maxBytes)));
  return text.slice(0, read).toWellFormed();
}

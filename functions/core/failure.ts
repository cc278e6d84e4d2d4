import { PermanentFailure, RetryableFailure } from './errors.ts';
import type { Failure } from './job.ts';
import type { TaskPath } from './task-path.ts';

/** Together with the other fields a failure stays below one write unit (1 KB). */
const MAX_MESSAGE_CHARACTERS = 500;
const MAX_STACK_CHARACTERS = 300;
const MAX_ID_CHARACTERS = 150;

export interface FailurePlace {
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

export function failureOf(
  place: FailurePlace,
  error: unknown,
  options: { now: number; attempts: number },
): Failure {
  const code =
    error instanceof PermanentFailure || error instanceof RetryableFailure ? error.code : 'worker-error';
  const message = error instanceof Error ? error.message : String(error);
  const stack = code === 'worker-error' && error instanceof Error ? error.stack : undefined;
  return {
    failureId: failureIdOf(place),
    failureTime: options.now,
    failureSource: sourceOf(place),
    failureMessage: cut(message, MAX_MESSAGE_CHARACTERS) || 'the worker gave no reason',
    code,
    attempts: options.attempts,
    ...(stack === undefined ? {} : { stack: cut(stack, MAX_STACK_CHARACTERS) }),
  };
}

function sourceOf({ path, index, item }: FailurePlace): string {
  const node = path === '' ? 'root' : path;
  return item === undefined ? `batch ${node}` : `batch ${node}, chunk ${index ?? 0}, item ${shortened(item)}`;
}

/** Item ids may be as long as S3 keys; a hash keeps shortened ones apart. */
export function shortened(id: string): string {
  return id.length <= MAX_ID_CHARACTERS ? id : `${cut(id, MAX_ID_CHARACTERS)}~${hashOf(id)}`;
}

/** FNV-1a: short, and the same everywhere. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(36);
}

/** A cut may go through a surrogate pair; half of one is no text that a table must take. */
function cut(text: string, maxCharacters: number): string {
  return text.slice(0, maxCharacters).toWellFormed();
}

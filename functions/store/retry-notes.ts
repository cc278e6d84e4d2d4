/**
 * Notes about chunks that are tried again after a failed attempt. A worker writes one object for each retry of a chunk and
 * deletes it once the chunk is settled, so work without a failure writes nothing
 * (docs/explanation/decisions/0036-notes-of-retried-chunks.md).
 */
import * as v from 'valibot';
import { count } from '#contract/integers.ts';
import type { FailedAttempt } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import type { Objects } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import type { TaskPath } from '#core/task-path.ts';
import { beforeMark, chunkErrorKey, chunkOfMark, markPrefix, retryNoteKey } from './object-keys.ts';

/** Maximum characters of an error in a note. */
export const MAX_ERROR_CHARACTERS = 300;

/** Maximum bytes of the attempts in a note. Beyond it, attempts keep their time but not their error. */
const MAX_NOTE_BYTES = 64 * 1024;

const MAX_ID_CHARACTERS = 4_096;

const errorText = v.pipe(v.string(), v.maxLength(MAX_ERROR_CHARACTERS));
const failedAttempts = v.array(v.object({ at: count, error: v.exactOptional(errorText) }));

const retryNote = v.object({
  /** Number of workers of the pipeline that follow. Each worker counts its own attempts. */
  stage: count,
  /** Number of failed attempts of the item with the most. */
  attempt: count,
  lastError: errorText,
  /** Time of the first failed attempt. */
  since: count,
  nextAttemptAt: count,
  /** Failed attempts of the items that are tried again. */
  items: v.array(
    v.object({ id: v.pipe(v.string(), v.maxLength(MAX_ID_CHARACTERS)), attempts: failedAttempts }),
  ),
});
export type RetryNote = v.InferOutput<typeof retryNote>;

type ChunkAddress = JobRun & { readonly path: TaskPath; readonly index: number };

export async function writeRetryNote(objects: Objects, chunk: ChunkAddress, note: RetryNote): Promise<void> {
  const key = retryNoteKey(chunk, chunk.path, chunk.index);
  await objects.put(key, JSON.stringify(bounded(note)), { contentType: 'application/json' });
}

/** Removes errors beyond the maximum size. */
function bounded({ items, ...note }: RetryNote): RetryNote {
  let bytes = 0;
  return {
    ...note,
    items: items.map(({ id, attempts }) => ({
      id,
      attempts: attempts.map(({ at, error }): FailedAttempt => {
        bytes += error === undefined ? 0 : byteLength(error);
        return error === undefined || bytes > MAX_NOTE_BYTES ? { at } : { at, error };
      }),
    })),
  };
}

/** Returns `undefined` if the chunk has no valid note. */
export async function readRetryNote(
  objects: Pick<Objects, 'get'>,
  chunk: ChunkAddress,
): Promise<RetryNote | undefined> {
  const bytes = await objects.get({ key: retryNoteKey(chunk, chunk.path, chunk.index) });
  if (bytes === undefined) return undefined;
  try {
    const parsed = v.safeParse(retryNote, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns the last error of a chunk that is redelivered as a whole. */
export async function readChunkError(
  objects: Pick<Objects, 'get'>,
  chunk: ChunkAddress,
): Promise<string | undefined> {
  const bytes = await objects.get({ key: chunkErrorKey(chunk, chunk.path, chunk.index) });
  return bytes && new TextDecoder().decode(bytes).slice(0, MAX_ERROR_CHARACTERS).toWellFormed();
}

/** A chunk that is tried again, because items failed (`note`) or because the whole chunk failed (`error`). */
export interface RetriedChunk {
  readonly path: TaskPath;
  readonly index: number;
  readonly hasNote: boolean;
  readonly hasError: boolean;
}

/** Maximum number of keys that S3 lists in one request. */
const KEYS_PER_LIST = 1_000;

/** Returns the chunks of a node in a range of indexes that have a note or an error. */
export async function listRetriedChunks(
  objects: Pick<Objects, 'list'>,
  run: JobRun,
  { path, from, end }: { readonly path: TaskPath; readonly from: number; readonly end: number },
): Promise<Map<number, RetriedChunk>> {
  const found = new Map<number, RetriedChunk>();
  let after: string | undefined = beforeMark(run, path, from);
  while (after !== undefined) {
    const page = await objects.list(markPrefix(run, path), { after, limit: KEYS_PER_LIST });
    collect(found, run, page.objects, ({ index }) => (index < end ? index : undefined));
    const last = page.objects.at(-1)?.key;
    const isBehind = last !== undefined && (chunkOfMark(run, last)?.index ?? 0) >= end;
    after = page.next === undefined || isBehind ? undefined : last;
  }
  return found;
}

/** Returns retried chunks of the whole run, as far as one request lists them. */
export async function listSomeRetriedChunks(
  objects: Pick<Objects, 'list'>,
  run: JobRun,
): Promise<RetriedChunk[]> {
  const page = await objects.list(markPrefix(run), { limit: KEYS_PER_LIST });
  const found = new Map<string, RetriedChunk>();
  collect(found, run, page.objects, ({ path, index }) => `${path}/${index}`);
  return [...found.values()];
}

function collect<K>(
  found: Map<K, RetriedChunk>,
  run: JobRun,
  listed: readonly { readonly key: string }[],
  keyOf: (chunk: { path: TaskPath; index: number }) => K | undefined,
): void {
  for (const { key } of listed) {
    const chunk = chunkOfMark(run, key);
    if (chunk === undefined || chunk.kind === 'mark') continue;
    const { path, index, kind } = chunk;
    const at = keyOf(chunk);
    if (at === undefined) continue;
    const known = found.get(at) ?? { path, index, hasNote: false, hasError: false };
    found.set(at, { ...known, ...(kind === 'retry' ? { hasNote: true } : { hasError: true }) });
  }
}

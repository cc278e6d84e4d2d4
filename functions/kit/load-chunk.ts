/** Loads a chunk: resolves the keys in its message, and reads the items of a step from the outcomes of earlier steps. */
import { type ChunkMessage, storedItems } from '#contract/messages.ts';
import { type Item, itemsOfRange, type OutcomeRecord } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Objects } from '#core/ports.ts';
import { RETRY_NO_ITEM } from '#core/retry.ts';
import type { OutcomeRange } from '#core/splitter.ts';
import { type EarlierChunk, type Source, takeItems, takeOver } from '#core/template/take-items.ts';
import { readRange } from '../store/blocks.ts';
import { ClaimLost, readClaimedField } from '../store/claim-check.ts';
import { keyOfPartition } from '../store/object-keys.ts';
import { outcomesOf } from '../store/outcomes.ts';
import { type RetryNote, readRetryNote } from '../store/retry-notes.ts';
import { readStored, storedRetry } from '../store/stored.ts';

/** A chunk with the items and outcomes that its message refers to. */
export interface LoadedChunk {
  readonly chunk: ChunkMessage;
  readonly items: readonly Item[];
  /** Outcomes of the items that are already final. */
  readonly done: readonly OutcomeRecord[];
  /** Failed attempts of its items in earlier invocations. */
  readonly note?: RetryNote;
}

export async function loadChunk(objects: Objects, chunk: ChunkMessage): Promise<LoadedChunk> {
  if (chunk.sources !== undefined) return loadStepChunk(objects, { ...chunk, sources: chunk.sources });
  const items = await loadItems(objects, chunk);
  const done = await loadDone(objects, chunk);
  const isRetried = chunk.hop > 0 && items.some(({ tries = 0 }) => tries > 0);
  const stored = isRetried ? await readRetryNote(objects, chunk) : undefined;
  const note = stored?.stage === stageOf(chunk) ? stored : undefined;
  return { chunk, items, done, ...omitUndefined({ note }) };
}

/** Returns the number of workers of the pipeline that follow. It identifies the notes of this worker. */
export function stageOf({ pipeline = [] }: ChunkMessage): number {
  return pipeline.length;
}

/** Returns the items of a chunk that is not built from outcomes of earlier steps. */
export async function loadItems(objects: Objects, chunk: ChunkMessage): Promise<Item[]> {
  if (chunk.range !== undefined) return itemsOfRange(chunk.range);
  if (chunk.itemsKey === undefined) return chunk.items ?? [];
  const stored = await readClaimedField(objects, chunk.partition, undefined, chunk.itemsKey);
  return readStored(storedItems, stored, 'list of items');
}

/** Returns the outcomes of the items that are already final. */
export async function loadDone(objects: Objects, chunk: ChunkMessage): Promise<OutcomeRecord[]> {
  return outcomesOf(await readClaimedField(objects, chunk.partition, chunk.done ?? [], chunk.doneKey));
}

type StepChunk = ChunkMessage & { readonly sources: NonNullable<ChunkMessage['sources']> };

async function loadStepChunk(objects: Objects, chunk: StepChunk): Promise<LoadedChunk> {
  const sources = await Promise.all(
    chunk.sources.map(async ({ step, ...range }): Promise<Source> => {
      const records = await readRangeOf(objects, chunk, range);
      if (records === undefined) throw new ClaimLost(range.key);
      return { step, records };
    }),
  );
  const passed = takeItems(sources, chunk.step?.takesFailed === true);
  const earlier = await earlierChunk(objects, chunk);
  if (earlier === undefined) return { chunk, items: passed.items, done: passed.carried };
  const retry = earlier.isSettled
    ? RETRY_NO_ITEM
    : readStored(
        storedRetry,
        await readClaimedField(objects, chunk.partition, RETRY_NO_ITEM, chunk.retryKey),
        'retry',
      );
  const { items, carried, tries } = takeOver(passed, earlier, {
    retry,
    at: { path: chunk.path, index: chunk.index, step: chunk.step?.name },
  });
  return { chunk: { ...chunk, maxAttempts: chunk.maxAttempts + tries }, items, done: carried };
}

/** Returns the outcomes of the chunk from the newest earlier run that recorded them. */
async function earlierChunk(
  objects: Objects,
  chunk: ChunkMessage,
): Promise<(EarlierChunk & { readonly isSettled: boolean }) | undefined> {
  for (const { path, isSettled, ...range } of chunk.earlier ?? []) {
    const records = await readRangeOf(objects, chunk, range);
    if (records !== undefined) return { path, records, isSettled };
  }
  return undefined;
}

/** Reads outcomes at a range in a message, which must be in the partition of the chunk. */
function readRangeOf(
  objects: Objects,
  { partition }: ChunkMessage,
  { key, from, to }: OutcomeRange,
): Promise<OutcomeRecord[] | undefined> {
  return readRange(objects, { key: keyOfPartition(partition, key), from, to });
}

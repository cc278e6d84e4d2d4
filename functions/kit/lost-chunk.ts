/** Ends a chunk whose message refers to a deleted object: each of its items fails, and the rest of the job continues. */
import type { ChunkMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Objects } from '#core/ports.ts';
import { ClaimLost } from '../store/claim-check.ts';
import { failedRecord, type ItemAttempt } from './attempt.ts';
import { type LoadedChunk, loadChunk, loadDone, loadItems } from './load-chunk.ts';
import { type Settled, type SettlePorts, settleChunk } from './settle-chunk.ts';

/** Returns `undefined` if the message does not contain the number of items. Then only the whole job can fail. */
export async function settleLostChunk(
  ports: SettlePorts,
  chunk: ChunkMessage,
  lost: ClaimLost,
): Promise<Settled | undefined> {
  const rest = await restOf(ports, chunk, lost);
  if (rest === undefined) return undefined;
  const { now } = ports;
  const results = rest.items.map((item): ItemAttempt => {
    const record = failedRecord(chunk, item, lost, { attempts: item.tries ?? 0, now });
    return { kind: 'final', record: rest.isUnnamed ? { ...record, isUnnamed: true } : record };
  });
  return settleChunk(ports, rest, results);
}

/** Returns the chunk with everything that can still be read. Items whose ids are lost get generated ids. */
async function restOf(
  { objects, now }: SettlePorts,
  chunk: ChunkMessage,
  lost: ClaimLost,
): Promise<(LoadedChunk & { readonly isUnnamed: boolean }) | undefined> {
  const whole = await unlessLost(loadChunk(objects, chunk));
  if (whole !== undefined) return { ...whole, isUnnamed: false };
  // The message of a step does not contain the number of items.
  if (chunk.sources !== undefined) return undefined;
  const storedItems = await unlessLost(loadItems(objects, chunk));
  const items = storedItems ?? unnamed(chunk, 'items', chunk.itemsCount);
  const done = (await readDone(objects, chunk)) ?? failedDone(chunk, lost, now);
  if (items === undefined || done === undefined) return undefined;
  return { chunk, items, done, isUnnamed: storedItems === undefined };
}

async function readDone(objects: Objects, chunk: ChunkMessage): Promise<OutcomeRecord[] | undefined> {
  return unlessLost(loadDone(objects, chunk));
}

/** Returns failed outcomes instead of the lost outcomes of final items. */
function failedDone(chunk: ChunkMessage, lost: ClaimLost, now: number): OutcomeRecord[] | undefined {
  return unnamed(chunk, 'done', chunk.doneCount)?.map((item) => ({
    ...failedRecord(chunk, item, lost, { attempts: 0, now }),
    isUnnamed: true,
  }));
}

/** Returns items with ids that are unique within the job. */
function unnamed(
  { path, index }: ChunkMessage,
  field: 'items' | 'done',
  count: number | undefined,
): { readonly id: string; readonly tries?: number }[] | undefined {
  if (count === undefined) return undefined;
  const location = `${path === '' ? 'root' : path}/${index}`;
  return Array.from({ length: count }, (_, at) => ({ id: `unknown:${location}:${field}:${at}` }));
}

async function unlessLost<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ClaimLost) return undefined;
    throw error;
  }
}

/** Ends a chunk whose message points at an object that is gone: its items fail, each counted, the rest of the job goes on. */
import type { ChunkMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Objects } from '#core/ports.ts';
import { ClaimLost, claimed } from '../store/claim-check.ts';
import { failedRecord, type ItemAttempt } from './attempt.ts';
import { type LoadedChunk, loadChunk, loadItems } from './load-chunk.ts';
import { type Settled, type SettlePorts, settleChunk } from './settle-chunk.ts';

/** `undefined`: the message does not say how many items it was about, so only the job as a whole can fail. */
export async function settleLostChunk(
  ports: SettlePorts,
  chunk: ChunkMessage,
  lost: ClaimLost,
): Promise<Settled | undefined> {
  const rest = await restOf(ports, chunk, lost);
  if (rest === undefined) return undefined;
  const { now } = ports;
  const tried = rest.items.map((item): ItemAttempt => {
    const record = failedRecord(chunk, item, lost, { attempts: item.tries ?? 0, now });
    return { kind: 'final', record: rest.isUnnamed ? { ...record, isUnnamed: true } : record };
  });
  return settleChunk(ports, rest, tried);
}

/** The chunk with what can still be read of it; items whose ids are lost get made-up ones. */
async function restOf(
  { objects, now }: SettlePorts,
  chunk: ChunkMessage,
  lost: ClaimLost,
): Promise<(LoadedChunk & { readonly isUnnamed: boolean }) | undefined> {
  const whole = await unlessLost(loadChunk(objects, chunk));
  if (whole !== undefined) return { ...whole, isUnnamed: false };
  // How many items the step before left is not in the message.
  if (chunk.sources !== undefined) return undefined;
  const known = await unlessLost(loadItems(objects, chunk));
  const items = known ?? unnamed(chunk, 'items', chunk.itemsCount);
  const done = (await readDone(objects, chunk)) ?? failedDone(chunk, lost, now);
  if (items === undefined || done === undefined) return undefined;
  return { chunk, items, done, isUnnamed: known === undefined };
}

async function readDone(objects: Objects, chunk: ChunkMessage): Promise<OutcomeRecord[] | undefined> {
  return unlessLost(claimed(objects, chunk.partition, chunk.done ?? [], chunk.doneKey)) as Promise<
    OutcomeRecord[] | undefined
  >;
}

/** What was final is lost too: nothing tells any more what it came to. */
function failedDone(chunk: ChunkMessage, lost: ClaimLost, now: number): OutcomeRecord[] | undefined {
  return unnamed(chunk, 'done', chunk.doneCount)?.map((item) => ({
    ...failedRecord(chunk, item, lost, { attempts: 0, now }),
    isUnnamed: true,
  }));
}

/** The ids occur once in the whole job. */
function unnamed(
  { path, index }: ChunkMessage,
  field: 'items' | 'done',
  count: number | undefined,
): { readonly id: string; readonly tries?: number }[] | undefined {
  if (count === undefined) return undefined;
  const place = `${path === '' ? 'root' : path}/${index}`;
  return Array.from({ length: count }, (_, at) => ({ id: `unknown:${place}:${field}:${at}` }));
}

async function unlessLost<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ClaimLost) return undefined;
    throw error;
  }
}

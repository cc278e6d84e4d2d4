import type { Item, OutcomeRecord } from '#core/item.ts';
import type { Worker } from '../../../functions/kit/define-worker.ts';
import { RetryNotes } from '../../../functions/kit/retry-notes.ts';
import { runItems } from '../../../functions/kit/run-items.ts';
import { aChunk } from '../chunks.ts';
import { memoryWorld } from '../memory/world.ts';
import { readingPorts } from '../policy-evaluator.ts';

export interface Ran {
  readonly record: OutcomeRecord;
  /** Bytes of its parts by their file names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

interface RunOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly item?: Partial<Item>;
}

/** Runs a worker on one item that names these documents as uploads, by the kit and over objects in memory. */
export async function runWorker(
  // biome-ignore lint/suspicious/noExplicitAny: workers of any parameters
  worker: Worker<any>,
  documents: Readonly<Record<string, Uint8Array>>,
  { parameters = {}, signal = new AbortController().signal, item = {} }: RunOptions = {},
): Promise<Ran> {
  const world = memoryWorld();
  for (const [name, bytes] of Object.entries(documents)) await world.objects.put(`uploads/p/${name}`, bytes);
  const sources = Object.keys(documents).map((name) => `upload:${name}`);
  const ports = {
    ...world,
    ...readingPorts(world.objects),
    notes: new RetryNotes(world.clock),
    activeGeneration: () => 1,
  };
  const items = [{ id: 'i', payload: { sources }, ...item }];
  const runnable = { chunk: { chunk: aChunk(), items, done: [] }, parameters };
  const runs = await runItems(worker, ports, { chunks: [runnable], signal });
  const [tried] = runs.get(runnable)?.results ?? [];
  if (tried?.kind !== 'final') throw new Error(`the item is not final: ${tried?.kind}`);
  const files = new Map<string, Uint8Array>();
  for (const { filename, key = '' } of tried.record.parts ?? []) {
    const bytes = await world.objects.get({ key });
    if (bytes !== undefined) files.set(filename, bytes);
  }
  return { record: tried.record, files };
}

import { createHash } from 'node:crypto';
import type { ChunkMessage } from '#contract/messages.ts';

/** Location of an item: two items of a partition never have the same. */
export interface ItemLocation {
  readonly chunk: ChunkMessage;
  /** Run number of the first run, which distinguishes jobs that were created one after the other under one id. */
  readonly generation: number;
  readonly item: { readonly id: string };
}

/**
 * Returns a key that is the same for each attempt and each retry of the item in this worker. Every other item has another
 * key, also one with the same id in another chunk.
 */
export function idempotencyKeyOf({ chunk, generation, item }: ItemLocation): string {
  const { partition, job, step, path, index, pipeline = [] } = chunk;
  const location = [partition, job, generation, step?.name ?? null, path, index, pipeline.length, item.id];
  return createHash('sha256').update(JSON.stringify(location)).digest('hex');
}

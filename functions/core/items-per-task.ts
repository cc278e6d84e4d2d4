/** The number of items in a chunk if a job states none. */

/** For workers that declare no duration. */
export const DEFAULT_ITEMS_PER_TASK = 25;

export const MAX_ITEMS_PER_TASK = 1_000;

/**
 * Duration that a chunk should have, in seconds: long enough that the messages of a chunk cost little beside its work, short
 * enough that progress moves and little work is repeated after a crash.
 */
const CHUNK_SECONDS = 4;

/** Returns the number of items of a worker that spends this number of seconds on each item of a chunk. */
export function itemsPerTaskFor(secondsPerItem: number): number {
  const items = Math.round(CHUNK_SECONDS / secondsPerItem);
  return Math.min(MAX_ITEMS_PER_TASK, Math.max(1, items));
}

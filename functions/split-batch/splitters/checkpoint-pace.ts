/** Number of full chunks after which a checkpoint is due, which bounds memory if items are small. */
const CHUNKS = 40;

/** Limits for large items: after the first, the next full chunk ends; after the second, the open chunk ends at once. */
const BYTES_AT_CHUNK_END = 8 * 1024 * 1024;
const BYTES_ANYWHERE = 12 * 1024 * 1024;

/**
 * Decides after which items a splitter yields a checkpoint. Counting starts at each checkpoint, so that a resumed split
 * yields the next checkpoints at the same positions.
 */
export class CheckpointPace {
  readonly #itemsPerTask: number;
  #items = 0;
  #bytes = 0;

  constructor(itemsPerTask: number) {
    this.#itemsPerTask = itemsPerTask;
  }

  /** Counts the next items. Returns true if a checkpoint is due after them. */
  isDue(bytes: number, items = 1): boolean {
    this.#items += items;
    this.#bytes += bytes;
    const isChunkEnd = this.#items % this.#itemsPerTask === 0;
    const isDue =
      this.#items >= this.#itemsPerTask * CHUNKS ||
      (isChunkEnd && this.#bytes >= BYTES_AT_CHUNK_END) ||
      this.#bytes >= BYTES_ANYWHERE;
    if (!isDue) return false;
    this.#items = 0;
    this.#bytes = 0;
    return true;
  }
}

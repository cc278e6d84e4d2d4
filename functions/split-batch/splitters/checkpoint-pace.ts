/** Full chunks after which a checkpoint keeps what is held in memory bounded, where items are small. */
const CHUNKS = 40;

/** Where they are large: from the first on at the end of a full chunk, from the second on wherever it is. */
const BYTES_AT_CHUNK_END = 8 * 1024 * 1024;
const BYTES_ANYWHERE = 12 * 1024 * 1024;

/**
 * Says after which items a splitter gives a checkpoint. It counts from the checkpoint before, so that splitting that
 * goes on from there gives the next ones at the same places.
 */
export class CheckpointPace {
  readonly #itemsPerTask: number;
  #items = 0;
  #bytes = 0;

  constructor(itemsPerTask: number) {
    this.#itemsPerTask = itemsPerTask;
  }

  /** Counts the next items, of so many bytes; whether a checkpoint is due behind them. */
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

import { MAX_NOTE_CHARACTERS } from '#contract/message-limits.ts';
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ProgressMessage } from '#contract/messages.ts';
import { runOf } from '#core/job.ts';
import type { Clock, Log, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import type { LoadedChunk } from './load-chunk.ts';

/** Minimum time between two progress reports of a chunk, and before the first one. */
export const UPDATE_INTERVAL_MILLIS = 5_000;

export interface ChunkProgressPorts {
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Progress of a chunk in this invocation, from the reports of its items. No timer runs: an early report is kept, and
 * is sent together with a later report of any item.
 */
export class ChunkProgress {
  readonly #ports: ChunkProgressPorts;
  readonly #loaded: LoadedChunk;
  /** Fraction of each item that is done, by position. */
  readonly #fractions: number[] = [];
  readonly #isSettled: boolean[] = [];
  #sentAt: number;
  #sending: Promise<void> = Promise.resolve();

  constructor(ports: ChunkProgressPorts, loaded: LoadedChunk) {
    this.#ports = ports;
    this.#loaded = loaded;
    this.#sentAt = ports.clock.now();
  }

  /** Reports that the items at these positions are done by a fraction from 0 to 1. Never throws. */
  readonly update = (positions: readonly number[], fraction: number, note?: string): Promise<void> => {
    const open = positions.filter((position) => this.#isSettled[position] !== true);
    if (open.length === 0) return this.#sending;
    for (const position of open) this.#fractions[position] = Math.min(1, Math.max(0, Number(fraction) || 0));
    const now = this.#ports.clock.now();
    if (now - this.#sentAt < UPDATE_INTERVAL_MILLIS) return this.#sending;
    this.#sentAt = now;
    this.#sending = this.#send(note);
    return this.#sending;
  };

  /** Sends the last error of a retried item, without waiting for the interval. */
  sendNote(note: string): void {
    this.#sending = this.#send(note);
  }

  /** Ignores later reports of the item. A retried item starts again from 0. */
  settle(position: number, isFinal: boolean): void {
    this.#isSettled[position] = true;
    this.#fractions[position] = isFinal ? 1 : 0;
  }

  /** Resolves when the last report is sent. */
  untilSent(): Promise<void> {
    return this.#sending;
  }

  async #send(note: string | undefined): Promise<void> {
    const { partition, job, path, index } = this.#loaded.chunk;
    const message: ProgressMessage = {
      v: MESSAGE_VERSION,
      kind: 'progress',
      ...runOf(this.#loaded.chunk),
      path,
      index,
      items: this.#loaded.done.length + this.#loaded.items.length,
      fraction: this.#fraction(),
      ...(note === undefined ? {} : { note: String(note).slice(0, MAX_NOTE_CHARACTERS).toWellFormed() }),
    };
    try {
      await sendAll(this.#ports.queues, 'reports', [{ body: JSON.stringify(message), group: partition }]);
    } catch (error) {
      this.#ports.log.warn('progress could not be sent', { partition, job, error: String(error) });
    }
  }

  /** Returns the fraction of the chunk that is done. Each worker of a pipeline has the same share. */
  #fraction(): number {
    const { chunk, items, done } = this.#loaded;
    const before = Object.keys(chunk.ran ?? {}).length;
    const workers = before + 1 + (chunk.pipeline?.length ?? 0);
    // `reduce` skips positions without a report.
    const fractions = this.#fractions.reduce((sum, fraction) => sum + fraction, 0);
    const open = (before * items.length + fractions) / workers;
    return Math.min(1, (done.length + open) / Math.max(1, done.length + items.length));
  }
}

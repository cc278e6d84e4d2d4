import { MESSAGE_VERSION } from '#contract/message-version.ts';
import { MAX_NOTE_CHARACTERS, type ProgressMessage } from '#contract/messages.ts';
import type { Clock, Log, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import type { LoadedChunk } from './load-chunk.ts';

/** A chunk says how far it is so often at most, and not before it has run for so long. */
export const UPDATE_INTERVAL_MILLIS = 5_000;

export interface ChunkProgressPorts {
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * How far a chunk is in this invocation, by what its items say. Nothing is sent by a timer: what an item says too
 * early is only remembered, and goes with the next word of any item.
 */
export class ChunkProgress {
  readonly #ports: ChunkProgressPorts;
  readonly #loaded: LoadedChunk;
  readonly #fractions = new Map<number, number>();
  readonly #settled = new Set<number>();
  #sentAt: number;
  #sending: Promise<void> = Promise.resolve();

  constructor(ports: ChunkProgressPorts, loaded: LoadedChunk) {
    this.#ports = ports;
    this.#loaded = loaded;
    this.#sentAt = ports.clock.now();
  }

  /** The items at these positions are so far: 0 to 1. Never throws: progress is worth no failure. */
  update(positions: readonly number[], fraction: number, note?: string): Promise<void> {
    const open = positions.filter((position) => !this.#settled.has(position));
    if (open.length === 0) return this.#sending;
    for (const position of open)
      this.#fractions.set(position, Math.min(1, Math.max(0, Number(fraction) || 0)));
    const now = this.#ports.clock.now();
    if (now - this.#sentAt < UPDATE_INTERVAL_MILLIS) return this.#sending;
    this.#sentAt = now;
    this.#sending = this.#send(note);
    return this.#sending;
  }

  /** The last error of an item that is tried again; it does not wait for its time. */
  sendNote(note: string): void {
    this.#sending = this.#send(note);
  }

  /** Nothing that the item still says counts. An item that is tried again begins again. */
  settle(position: number, isFinal: boolean): void {
    this.#settled.add(position);
    this.#fractions.set(position, isFinal ? 1 : 0);
  }

  /** Until what was said is on its way. */
  untilSent(): Promise<void> {
    return this.#sending;
  }

  async #send(note: string | undefined): Promise<void> {
    const { partition, job, generation, path, index } = this.#loaded.chunk;
    const message: ProgressMessage = {
      v: MESSAGE_VERSION,
      kind: 'progress',
      partition,
      job,
      generation,
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

  /** Of a pipeline, each worker's part counts alike. */
  #fraction(): number {
    const { chunk, items, done } = this.#loaded;
    const before = Object.keys(chunk.ran ?? {}).length;
    const workers = before + 1 + (chunk.pipeline?.length ?? 0);
    const said = [...this.#fractions.values()].reduce((sum, fraction) => sum + fraction, 0);
    const open = (before * items.length + said) / workers;
    return Math.min(1, (done.length + open) / Math.max(1, done.length + items.length));
  }
}

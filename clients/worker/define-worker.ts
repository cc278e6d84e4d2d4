import type * as z from 'zod';
import type { Item, Part } from '#core/item.ts';
import type { Log } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';

export interface WorkerContext<P> {
  readonly partition: string;
  readonly job: string;
  /** The job's parameters, checked against the worker's schema. */
  readonly parameters: P;
  /** 1 on the first try of this item. */
  readonly attempt: number;
  /** Where the item stands in its chunk, from 0. */
  readonly position: number;
  /** Aborted when the invocation's time is nearly up. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Objects that the job's partition may read. */
  readonly objects: ReadableObjects;
  /**
   * The bytes of a part, wherever it lies. One that is missing or has more than `maxBytes` is a permanent failure.
   */
  fetchPart(part: Part, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /** Stores a file as a result of this item; it counts once the item has succeeded. */
  putPart(part: {
    filename: string;
    mimeType: string;
    body: string | Uint8Array;
    type?: Part['type'];
  }): Promise<Part>;
  /**
   * Says how far this item is, 0 to 1, and what it is at (the first 200 characters): for items that take longer than
   * some seconds. It moves the percent and the note that users see, at most once in five seconds for each chunk.
   */
  progress(fraction: number, note?: string): Promise<void>;
  /** Marks the item as skipped: neither succeeded nor failed. */
  skip(): void;
}

export interface WorkerOptions<P> {
  readonly name: string;
  readonly description?: string;
  readonly parameters: z.ZodType<P>;
  /** Items worked on at once in one invocation (default 4; 1 for work that needs the whole CPU). */
  readonly concurrency?: number;
  /**
   * Works on one item; what it returns is the item's output (JSON). Throw `PermanentFailure` for what can never
   * succeed; anything else that is thrown is tried again until the item's attempts are used up.
   */
  run(item: Item, context: WorkerContext<P>): Promise<unknown> | unknown;
}

export interface Worker<P = never> extends WorkerOptions<P> {
  readonly concurrency: number;
}

const DEFAULT_CONCURRENCY = 4;

export function defineWorker<P>(options: WorkerOptions<P>): Worker<P> {
  return { concurrency: DEFAULT_CONCURRENCY, ...options };
}

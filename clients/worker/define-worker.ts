import type * as z from 'zod';
import type { Item, Part } from '#core/item.ts';
import type { Log, Web } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import type { FetchOptions, PartPlace } from '../../functions/store/parts.ts';

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
  /** Requests to the public web; private addresses are out of reach. */
  readonly web: Web;
  /**
   * The bytes of a part wherever it lies: at its `key`, or at its `url` (upload:<id>, s3://bucket/key, https://…,
   * either of the first two with #entry=<name> for an entry of a zip archive). Fails for good with part-missing,
   * part-too-large or source-forbidden; a server that is busy or does not answer is asked again later.
   */
  fetchPart(part: PartPlace, options?: FetchOptions): Promise<Uint8Array>;
  /** The same as a stream, for what is too large to be held whole. */
  openPart(part: PartPlace): Promise<AsyncIterable<Uint8Array>>;
  /** Stores a file as a result of this item, as a stream where it is large; it counts once the item has succeeded. */
  putPart(part: {
    filename: string;
    mimeType: string;
    body: string | Uint8Array | AsyncIterable<Uint8Array>;
    type?: Part['type'];
  }): Promise<Part>;
  /**
   * Says how far this item is, 0 to 1, and what it is at (the first 200 characters): for items that take longer than
   * some seconds. It moves the percent and the note that users see, at most once in five seconds for each chunk.
   */
  progress(fraction: number, note?: string): Promise<void>;
  /** Marks the item as skipped: neither succeeded nor failed. */
  skip(): void;
  /** What the step comes to, where the job runs a template: a code such as MORE, for which its flow has an edge. */
  exitCode(code: string): void;
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

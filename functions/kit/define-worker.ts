import type { Item, Part } from '#core/item.ts';
import type { Log, Web } from '#core/ports.ts';
import type { Schema } from '#core/schema.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import type { FetchOptions, PartLocation } from '../sources/parts.ts';

/** The context that all items of a chunk share. */
export interface JobContext<P> {
  readonly partition: string;
  readonly job: string;
  /** The job's parameters, checked against the worker's schema. */
  readonly parameters: P;
  /** Aborted shortly before the time of the invocation is up. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Objects that the job's partition may read. */
  readonly objects: ReadableObjects;
  /** Sends requests to the public web. Private addresses are blocked. */
  readonly web: Web;
  /**
   * Returns the bytes of a part, from its `key` or its `url` (upload:<id>, s3://bucket/key or https://…, each with
   * #entry=<name> for an entry of a zip archive). Throws `PermanentFailure` with the code part-missing, part-too-large or
   * source-forbidden. Throws `RetryableFailure` if a server is busy or does not respond.
   */
  fetchPart(part: PartLocation, options?: FetchOptions): Promise<Uint8Array>;
  /** Returns the bytes of a part as a stream, for parts that do not fit into memory. */
  openPart(part: PartLocation): Promise<AsyncIterable<Uint8Array>>;
}

export interface WorkerContext<P> extends JobContext<P> {
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Position of the item in its chunk, from 0. */
  readonly position: number;
  /**
   * Key for requests to other systems: the same for each attempt and each retry of this item in this worker, different for
   * every other item.
   */
  readonly idempotencyKey: string;
  /** Stores a file as a result of this item. The file counts only if the item succeeds. Pass a stream for large files. */
  putPart(part: {
    filename: string;
    mimeType: string;
    body: string | Uint8Array | AsyncIterable<Uint8Array>;
    type?: Part['type'];
  }): Promise<Part>;
  /**
   * Reports progress of this item, from 0 to 1, with an optional note (the first 200 characters). Use it for items that
   * take more than a few seconds. Users see the new percentage and note at most every five seconds for each chunk.
   */
  progress(fraction: number, note?: string): Promise<void>;
  /** Marks the item as skipped: neither succeeded nor failed. */
  skip(): void;
  /** Sets the outcome code of the step in a template, such as MORE. The flow must have an edge for it. */
  exitCode(code: string): void;
}

export interface ChunkContext<P> extends JobContext<P> {
  /** Returns the context of one item: its attempt, its files, `skip`, `exitCode`. */
  of(item: Item): WorkerContext<P>;
  /** Reports progress of all items of the call. See `WorkerContext.progress`. */
  progress(fraction: number, note?: string): Promise<void>;
}

interface AnyWorkerOptions<P> {
  readonly name: string;
  /** One sentence, shown by `GET /workers`; `Worker.fromEntry` needs it, here or in its own properties. */
  readonly description?: string;
  /** Schema of the job's parameters, by any library that implements Standard Schema, such as zod. */
  readonly parameters: Schema<P>;
  /** Parallel calls of `run` or `runChunk` in one invocation. Use 1 for work that needs the whole CPU. @default 4 */
  readonly concurrency?: number;
  /**
   * Typical duration of a chunk divided by its items, in seconds, for example 0.2 if 100 items take 20 seconds. Jobs
   * that state no `itemsPerTask` get chunks of about 4 seconds. @default - chunks have 25 items
   */
  readonly secondsPerItem?: number;
}

/** Options of a worker that handles one item at a time. */
export interface WorkerOptions<P> extends AnyWorkerOptions<P> {
  /**
   * Handles one item and returns its output (JSON). Throw `PermanentFailure` if the item can never succeed. Any other
   * error is retried until the attempts of the item are used up.
   */
  run(item: Item, context: WorkerContext<P>): Promise<unknown> | unknown;
  readonly runChunk?: never;
  readonly maxItems?: never;
}

/** Options of a worker that handles several items in one call, for example with one request for all of them. */
export interface ChunkWorkerOptions<P> extends AnyWorkerOptions<P> {
  /**
   * Handles the unfinished items of a chunk. Returns an array of the same length and order: the output of each item, or
   * the `Error` that `run` would throw. Throw `RetryableFailure` to retry all items later. Any other error, or one in the
   * last attempt, may be caused by a single item: the kit calls again with each half until that item is alone.
   */
  runChunk(
    items: readonly Item[],
    context: ChunkContext<P>,
  ): Promise<readonly unknown[]> | readonly unknown[];
  /** Maximum number of items in one call, at least 1. @default - all items of the chunk */
  maxItems?(parameters: P): number;
  readonly run?: never;
}

export type Worker<P = never> = (WorkerOptions<P> | ChunkWorkerOptions<P>) & { readonly concurrency: number };

const DEFAULT_CONCURRENCY = 4;

export function defineWorker<P>(options: WorkerOptions<P>): WorkerOptions<P> & Worker<P>;
export function defineWorker<P>(options: ChunkWorkerOptions<P>): ChunkWorkerOptions<P> & Worker<P>;
export function defineWorker<P>(options: WorkerOptions<P> | ChunkWorkerOptions<P>): Worker<P> {
  if ((options.run === undefined) === (options.runChunk === undefined)) {
    throw new Error(
      `worker '${options.name}' must define either run or runChunk; it defines both or neither`,
    );
  }
  return { concurrency: DEFAULT_CONCURRENCY, ...options };
}

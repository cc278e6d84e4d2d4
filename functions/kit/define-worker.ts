import type * as z from 'zod';
import type { Item, Part } from '#core/item.ts';
import type { Log, Web } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import type { FetchOptions, PartPlace } from '../sources/parts.ts';

/** What all items of a chunk have in common. */
export interface JobContext<P> {
  readonly partition: string;
  readonly job: string;
  /** The job's parameters, checked against the worker's schema. */
  readonly parameters: P;
  /** Aborted when the invocation's time is nearly up. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Objects that the job's partition may read. */
  readonly objects: ReadableObjects;
  /** Requests to the public web; private addresses are out of reach. */
  readonly web: Web;
  /**
   * The bytes of a part wherever it lies: at its `key`, or at its `url` (upload:<id>, s3://bucket/key, https://…,
   * each with #entry=<name> for an entry of a zip archive). Fails for good with part-missing,
   * part-too-large or source-forbidden; a server that is busy or does not answer is asked again later.
   */
  fetchPart(part: PartPlace, options?: FetchOptions): Promise<Uint8Array>;
  /** The same as a stream, for what is too large to be held whole. */
  openPart(part: PartPlace): Promise<AsyncIterable<Uint8Array>>;
}

export interface WorkerContext<P> extends JobContext<P> {
  /** 1 on the first try of this item. */
  readonly attempt: number;
  /** Where the item stands in its chunk, from 0. */
  readonly position: number;
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

export interface ChunkContext<P> extends JobContext<P> {
  /** What one of the items has to itself: its attempt, its files, `skip`, `exitCode`. */
  of(item: Item): WorkerContext<P>;
  /** Says how far all of them are, as `WorkerContext.progress` does of one. */
  progress(fraction: number, note?: string): Promise<void>;
}

interface AnyWorkerOptions<P> {
  readonly name: string;
  /** One sentence, shown by `GET /workers`; `Worker.fromEntry` needs it, here or in its own properties. */
  readonly description?: string;
  readonly parameters: z.ZodType<P>;
  /** Calls of `run` or `runChunk` at once in one invocation (default 4; 1 for work that needs the whole CPU). */
  readonly concurrency?: number;
}

/** Of a worker that works item by item. */
export interface WorkerOptions<P> extends AnyWorkerOptions<P> {
  /**
   * Works on one item; what it returns is the item's output (JSON). Throw `PermanentFailure` for what can never
   * succeed; anything else that is thrown is tried again until the item's attempts are used up.
   */
  run(item: Item, context: WorkerContext<P>): Promise<unknown> | unknown;
  readonly runChunk?: never;
  readonly maxItems?: never;
}

/** Of a worker that works on several items by one call, such as one request for all of them. */
export interface ChunkWorkerOptions<P> extends AnyWorkerOptions<P> {
  /**
   * Works on the items of a chunk that are still to do. It returns a list as long as theirs, in their order: of each
   * its output, or as an `Error` what `run` would throw. A `RetryableFailure` that is thrown means all of them, later.
   * Whatever else is thrown, or is thrown at the last attempt, may be the fault of one item: the kit calls again with
   * each half of them, until that item is alone.
   */
  runChunk(
    items: readonly Item[],
    context: ChunkContext<P>,
  ): Promise<readonly unknown[]> | readonly unknown[];
  /** The most items of one call, from 1. @default - all of the chunk */
  maxItems?(parameters: P): number;
  readonly run?: never;
}

export type Worker<P = never> = (WorkerOptions<P> | ChunkWorkerOptions<P>) & { readonly concurrency: number };

const DEFAULT_CONCURRENCY = 4;

export function defineWorker<P>(options: WorkerOptions<P>): WorkerOptions<P> & Worker<P>;
export function defineWorker<P>(options: ChunkWorkerOptions<P>): ChunkWorkerOptions<P> & Worker<P>;
export function defineWorker<P>(options: WorkerOptions<P> | ChunkWorkerOptions<P>): Worker<P> {
  if ((options.run === undefined) === (options.runChunk === undefined)) {
    throw new Error(`worker '${options.name}' must have either run or runChunk; it has both or neither`);
  }
  return { concurrency: DEFAULT_CONCURRENCY, ...options };
}

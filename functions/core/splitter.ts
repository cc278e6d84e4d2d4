import type { Item, NumberRange, Part } from './item.ts';
import type { Job } from './job.ts';
import type { ObjectAddress } from './object-address.ts';
import type { Clock, ObjectInfo, Web } from './ports.ts';
import type { Schema } from './schema.ts';

/** One result of a splitter. */
export type Child =
  | ({ readonly kind: 'item'; readonly problem?: string } & Omit<Item, 'tries' | 'problem'>)
  | { readonly kind: 'range'; readonly range: NumberRange }
  /** A chunk of the previous step: its outcomes or, for a join, those of each branch. */
  | { readonly kind: 'outcomes'; readonly sources: readonly StepSource[] }
  | { readonly kind: 'batch'; readonly definition: unknown; readonly splitter?: string }
  | { readonly kind: 'checkpoint'; readonly cursor: unknown };

/** Location of the outcomes of a chunk: a range of bytes of an object in the bucket of the stack. */
export interface OutcomeRange {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export interface StepSource extends OutcomeRange {
  readonly step: string;
}

/** A position in a list of outcomes. Some positions have none, so that a reader can stop between chunks. */
export interface ListedOutcomes {
  /** Position to continue after. */
  readonly name: string;
  readonly range?: OutcomeRange;
}

/** The recorded outcomes of a job or step, chunk by chunk, in a fixed order. Each item is listed once. */
export interface OutcomeList {
  /** Yields the outcomes after the position with this name, or all. */
  after(name?: string): AsyncIterable<ListedOutcomes>;
}

/** One unit of work. Users find it by its id; its parts are files that workers can fetch. */
export function item(id: string, payload?: unknown, parts: readonly Part[] = []): Child {
  return { kind: 'item', id, payload, ...(parts.length === 0 ? {} : { parts }) };
}

/** An item that cannot be processed. It fails with this reason; the rest of the batch continues. */
export function brokenItem(id: string, problem: string): Child {
  return { kind: 'item', id, problem };
}

/** A smaller batch, for the same splitter or another one. */
export function batch(definition: unknown, splitter?: string): Child {
  return splitter === undefined ? { kind: 'batch', definition } : { kind: 'batch', definition, splitter };
}

/** A point from which the splitter can resume, given this cursor (any JSON value). */
export function checkpoint(cursor: unknown): Child {
  return { kind: 'checkpoint', cursor };
}

/** `count` items: `from`, `from + step` and so on, in messages of constant size. */
export function numbers(range: NumberRange): Child {
  return { kind: 'range', range };
}

/** Location of a source: an object, or a file on the public web. */
export type SourceAddress = ObjectAddress | { readonly url: string };

export interface SourceInfo {
  readonly sizeBytes: number;
  /** Identifies the version: the same etag means the same bytes. */
  readonly etag: string;
  /** True if the server does not support ranges, so that each read transfers the whole file. */
  readonly isReadWhole?: true;
}

/** Unchecked location of an object or prefix. Without a bucket, it is in the stack's bucket. */
export interface ObjectLocation {
  readonly bucket?: string | undefined;
  readonly key: string;
}

/**
 * The objects that the job's partition may read, and files of the public web. Every method throws
 * `PermanentFailure` with the code `source-forbidden` for any other location.
 */
export interface ReadableObjects {
  /** Parses `upload:<id>`, `s3://bucket/key` or `https://…`. */
  resolve(source: string): SourceAddress;
  /** Parses a bucket and a key. */
  locate(location: ObjectLocation): ObjectAddress;
  get(
    address: SourceAddress,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined>;
  describe(address: SourceAddress): Promise<SourceInfo | undefined>;
  /** Lists the objects whose keys begin with `key`. */
  list(
    location: ObjectLocation,
    options?: { after?: string; limit?: number; delimiter?: '/' },
  ): Promise<{ objects: readonly ObjectInfo[]; next?: string }>;
}

export interface SplitContext {
  readonly partition: string;
  readonly job: string;
  readonly runNumber: number;
  /** Cursor of an earlier checkpoint to resume from; absent at the start. */
  readonly cursor?: unknown;
  readonly itemsPerTask: number;
  readonly objects: ReadableObjects;
  /**
   * Writes a file for this run, unless it has written one with this name, and returns its location. The file is complete, or
   * does not exist. It is deleted with the job. Equal names must mean equal content.
   */
  keepFile(name: string, content: () => AsyncIterable<Uint8Array>): Promise<ObjectAddress>;
  /** For time limits only; children must not depend on it. */
  readonly clock: Clock;
  /** Sends requests to the public web; private addresses cannot be reached. */
  readonly web: Web;
  /** Set if the batch is a step of a template: the outcomes of the previous step. */
  readonly stepBefore?: OutcomeList;
  /** Finds another job of the same partition. */
  findJob(job: string): Promise<Job | undefined>;
  /** Returns the outcomes of a job. */
  findOutcomes(job: Job): Promise<OutcomeList>;
  /** Returns the outcomes of a complete step of this job, by its node. */
  findStepOutcomes(node: number): OutcomeList & {
    /** Returns the outcomes of the chunk with this index. */
    at(index: number): Promise<OutcomeRange | undefined>;
  };
}

export interface Splitter<D = unknown> {
  readonly name: string;
  readonly description: string;
  /** Schema of the definition, checked before each split, including sub-batches. */
  readonly definition: Schema<D>;
  /**
   * True if the same definition and cursor always produce the same children. Otherwise jobtree stores each
   * slice of children before it sends them, and the first writer wins.
   */
  readonly stable: boolean;
  split(definition: D, context: SplitContext): AsyncIterable<Child> | Iterable<Child>;
}

export function defineSplitter<D>(
  splitter: Omit<Splitter<D>, 'stable'> & { readonly stable?: boolean },
): Splitter<D> {
  return { stable: false, ...splitter };
}

import type * as z from 'zod';
import type { Item, NumberRange, Part } from './item.ts';
import type { Job } from './job.ts';
import type { ObjectAddress, ObjectPrefix } from './object-address.ts';
import type { Clock, ObjectInfo, Web } from './ports.ts';

/** What a splitter finds in a batch. */
export type Child =
  | ({ readonly kind: 'item'; readonly problem?: string } & Omit<Item, 'tries' | 'problem'>)
  | { readonly kind: 'range'; readonly range: NumberRange }
  /** A chunk as the steps before left it: its outcome object, of a join one for each branch. */
  | {
      readonly kind: 'outcomes';
      readonly sources: readonly { readonly step: string; readonly key: string }[];
    }
  | { readonly kind: 'batch'; readonly definition: unknown; readonly splitter?: string }
  | { readonly kind: 'checkpoint'; readonly cursor: unknown };

/** One unit of work; its id is what the user finds it by again, its parts are files that workers can fetch. */
export function item(id: string, payload?: unknown, parts: readonly Part[] = []): Child {
  return { kind: 'item', id, payload, ...(parts.length === 0 ? {} : { parts }) };
}

/** An item that cannot be worked on: it fails with this reason, the rest of the batch goes on. */
export function brokenItem(id: string, problem: string): Child {
  return { kind: 'item', id, problem };
}

/** A smaller batch, for the same splitter or another one. */
export function batch(definition: unknown, splitter?: string): Child {
  return splitter === undefined ? { kind: 'batch', definition } : { kind: 'batch', definition, splitter };
}

/** From here the splitter could go on later, given this cursor (any JSON). */
export function checkpoint(cursor: unknown): Child {
  return { kind: 'checkpoint', cursor };
}

/** The items `from`, `from + step` …: `count` numbers in messages of constant size. */
export function numbers(range: NumberRange): Child {
  return { kind: 'range', range };
}

/** Where a source lies: an object, or a file of the public web. */
export type SourceAddress = ObjectAddress | { readonly url: string };

export interface SourceInfo {
  readonly sizeBytes: number;
  /** Names its version: the same etag means the same bytes. */
  readonly etag: string;
  /** The server gives no ranges of it: whoever reads a piece reads the whole. */
  readonly isReadWhole?: true;
}

/** The location of an object or prefix as text, before it is checked; without a bucket, in the bucket of the stack. */
export interface ObjectPlace {
  readonly bucket?: string | undefined;
  readonly key: string;
}

/**
 * Objects that the job's partition may read, files of the public web, and no others. Every method throws
 * `PermanentFailure` with the code `source-forbidden` for anything else.
 */
export interface ReadableObjects {
  /** Parses `upload:<id>`, `s3://bucket/key` or `https://…`. */
  resolve(source: string): SourceAddress;
  /** Parses a bucket and a key. */
  locate(place: ObjectPlace): ObjectAddress;
  get(
    address: SourceAddress,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined>;
  describe(address: SourceAddress): Promise<SourceInfo | undefined>;
  /** The objects whose keys begin with `key`. */
  list(
    place: ObjectPlace,
    options?: { after?: string; limit?: number; delimiter?: '/' },
  ): Promise<{ objects: readonly ObjectInfo[]; next?: string }>;
}

export interface SplitContext {
  readonly partition: string;
  readonly job: string;
  readonly generation: number;
  /** Where to begin: the cursor of an earlier checkpoint; absent at the start. */
  readonly cursor?: unknown;
  readonly itemsPerTask: number;
  readonly objects: ReadableObjects;
  /** For limits of time; children must not depend on it. */
  readonly clock: Clock;
  /** Requests to the public web; private addresses are out of reach. */
  readonly web: Web;
  /** Of a step that splits: groups of prefixes below which the outcomes of the step before lie, as of `findOutcomes`. */
  readonly stepBefore?: readonly (readonly ObjectPrefix[])[];
  /** Another job of the same partition. */
  findJob(job: string): Promise<Job | undefined>;
  /** Groups of prefixes below which the outcomes of a job lie, each item in one of them. */
  findOutcomes(job: Job): Promise<readonly (readonly ObjectPrefix[])[]>;
}

export interface Splitter<D = unknown> {
  readonly name: string;
  readonly description: string;
  /** Checked before each split, of sub-batches too. */
  readonly definition: z.ZodType<D>;
  /**
   * Whether the same definition and cursor always give the same children. Where not, jobtree writes each slice of
   * children down before it sends them, first writer wins.
   */
  readonly stable: boolean;
  split(definition: D, context: SplitContext): AsyncIterable<Child> | Iterable<Child>;
}

export function defineSplitter<D>(
  splitter: Omit<Splitter<D>, 'stable'> & { readonly stable?: boolean },
): Splitter<D> {
  return { stable: false, ...splitter };
}

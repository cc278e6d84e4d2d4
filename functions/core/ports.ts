/**
 * What the logic of jobtree needs from the world. Each port has a memory adapter (test/support/memory) and an
 * AWS adapter (functions/aws) that pass one conformance suite; the simulator runs the real logic over the first.
 */
import type { BucketName, ObjectAddress, ObjectKey, ObjectPrefix } from './object-address.ts';

/** The primary key of a row: both parts are built in `functions/store/keys.ts` only. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Strings, numbers, booleans, null, lists, maps; a number set is a `Set<bigint>` (up to 38 digits an element). */
export type Row = Key & { readonly [attribute: string]: unknown };

/** One requirement on the stored row; a list of them must all hold. A missing row has every attribute absent. */
export type Condition =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | {
      readonly attribute: string;
      readonly is: 'equal' | 'notEqual' | 'less' | 'atMost' | 'greater' | 'atLeast';
      readonly value: string | number;
    }
  | { readonly attribute: string; readonly is: 'oneOf'; readonly value: readonly (string | number)[] }
  | { readonly anyOf: readonly (readonly Condition[])[] };

/** What an update does. `setOnce` keeps a value that is already there; `add` sums numbers and unites sets. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly setOnce?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number | ReadonlySet<bigint>>>;
  readonly remove?: readonly string[];
}

export type Write =
  | { readonly kind: 'put'; readonly row: Row; readonly when?: readonly Condition[] }
  | {
      readonly kind: 'update';
      readonly key: Key;
      readonly change: Change;
      readonly when?: readonly Condition[];
    }
  | { readonly kind: 'delete'; readonly key: Key; readonly when?: readonly Condition[] }
  | { readonly kind: 'check'; readonly key: Key; readonly when: readonly Condition[] };

/** `refused`: the condition did not hold, and `row` is what stood there instead (absent if nothing did). */
export type WriteAnswer =
  | { readonly outcome: 'written'; readonly row?: Row; readonly units: number }
  | { readonly outcome: 'refused'; readonly row?: Row; readonly units: number };

export type TransactAnswer =
  | { readonly outcome: 'written'; readonly units: number }
  /** `refused` holds, by position, the row that failed its condition; `undefined` where the condition held. */
  | {
      readonly outcome: 'refused';
      readonly refused: readonly (Row | 'missing' | undefined)[];
      readonly units: number;
    };

/**
 * Sparse indexes, each with keys of its own, behind the table by up to a second: `by-partition` (`listPk`, `listSk`)
 * shows whole rows, `due` (`duePk`, `dueSk`) only keys.
 */
export type IndexName = 'by-partition' | 'due';

export interface Query {
  /** Absent: the table itself. */
  readonly index?: IndexName;
  readonly pk: string;
  /** Only rows whose sort key begins so. */
  readonly begins?: string;
  /** Only rows whose sort key is at most this; not together with `begins`. */
  readonly upTo?: string;
  /** Only rows behind this one, in the order asked for: `next` of the page before. */
  readonly after?: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly reverse?: boolean;
  readonly strong?: boolean;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly next?: Readonly<Record<string, unknown>>;
  readonly units: number;
}

/** A table of rows. Every method may throw when the store cannot be reached; then the effect is unknown. */
export interface Table {
  get(
    key: Key,
    options?: { strong?: boolean; attributes?: readonly string[] },
  ): Promise<{ row?: Row; units: number }>;
  /** `returns` asks for the row before or after the write. */
  write(write: Write, returns?: 'old' | 'new'): Promise<WriteAnswer>;
  /** All or nothing, up to 100 writes, none on the same row. */
  transact(writes: readonly Write[]): Promise<TransactAnswer>;
  query(query: Query): Promise<Page>;
}

/** `worker:<name>` is the queue of that worker. Workers send to `reports`; only the service sends to `results`. */
export type QueueName = 'split' | 'results' | 'reports' | 'unroutable' | `worker:${string}`;

export interface OutgoingMessage {
  readonly body: string;
  /** The partition: fair queues keep one tenant from starving the others. */
  readonly group: string;
  /** 0 to 900. */
  readonly delaySeconds?: number;
}

/** The most entries of one send, and the most bytes of their bodies together. */
export const MAX_SEND_ENTRIES = 10;
export const MAX_SEND_BYTES = 256 * 1024;

export interface Queues {
  /** Sends up to `MAX_SEND_ENTRIES` messages; answers the positions of those that were *not* taken. */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<{ failed: readonly number[] }>;
  /** Whether this deployment has such a queue. */
  has(queue: QueueName): boolean;
}

export interface ObjectInfo {
  /** As S3 has it: parse it before you read it. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export interface Objects {
  put(key: ObjectKey, body: string | Uint8Array, options?: { contentType?: string }): Promise<void>;
  /** Writes only if nothing is there: the first writer wins, the others are told `exists`. */
  putIfAbsent(
    key: ObjectKey,
    body: string | Uint8Array,
    options?: { contentType?: string },
  ): Promise<'written' | 'exists'>;
  /**
   * Writes what the stream gives without ever holding it whole; nothing is there before its end, and nothing at all
   * if it fails. `requests` is how many puts S3 bills for it.
   */
  putStream(
    key: ObjectKey,
    body: AsyncIterable<Uint8Array>,
    options?: { contentType?: string },
  ): Promise<{ sizeBytes: number; requests: number }>;
  /** The bytes from `from` to before `to` (whole without them); `undefined` if there is no such object. */
  get(
    address: ObjectAddress,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined>;
  describe(address: ObjectAddress): Promise<ObjectInfo | undefined>;
  /** Keys in UTF-8 order behind `after`; `next` is absent on the last page. */
  list(
    prefix: ObjectPrefix,
    options?: { bucket?: BucketName; after?: string; limit?: number; delimiter?: '/' },
  ): Promise<{ objects: readonly ObjectInfo[]; next?: string }>;
  delete(keys: readonly string[]): Promise<void>;
}

/** Thrown by `Objects.get` when the object is no longer the one that `etag` named. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}

/** Thrown by `Objects.get` and `describe` where IAM does not let the function read. */
export class ObjectForbidden extends Error {
  override readonly name = 'ObjectForbidden';
}

export interface WebRequest {
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole exchange, the body of the answer included. */
  readonly timeoutSeconds: number;
  /** Redirects of GET and HEAD that are followed. @default 0 */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

export interface WebAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends with an error where the connection breaks or the time is up. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the rest of the body up; needed where it is not read to its end. */
  close(): void;
}

/** What lies outside of AWS, as far as the stack lets its functions reach. */
export interface Web {
  /** Throws `WebForbidden`, or what went wrong with the network; then the effect is unknown. */
  send(request: WebRequest): Promise<WebAnswer>;
}

/** Thrown by `Web.send` for a URL that must not be reached; trying again is of no use. */
export class WebForbidden extends Error {
  override readonly name = 'WebForbidden';
}

/** The state machines that run templates, and their executions. */
export interface StateMachines {
  /** Creates or updates a machine; answers the address of the version that this published. */
  publish(name: string, definition: unknown): Promise<string>;
  /** Of a machine that came with the deployment. */
  addressOf(name: string): string;
  /** `started` also where an execution of this name was started before. `missing`: there is no such machine. */
  start(machine: string, execution: string, input: unknown): Promise<'started' | 'missing'>;
  /** Ends an execution; one that is over, or was never started, is left in peace. */
  stop(machine: string, execution: string): Promise<void>;
  /** Answers a task that waits; `gone`: nobody waits for this token any more. */
  succeed(token: string, output: unknown): Promise<'answered' | 'gone'>;
  fail(token: string, error: string, cause: string): Promise<'answered' | 'gone'>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A sortable id that was never given before. */
  id(): string;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Constant text, fields aside; never payloads, tokens or secrets. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Something an operator must look at; a metric filter turns it into an alarm. */
  alarm(message: string, fields?: LogFields): void;
}

/**
 * The ports of jobtree: all that its logic needs from outside. Each port has a memory adapter
 * (test/support/memory) and an AWS adapter (functions/aws), which pass one conformance suite. The simulator
 * runs the real logic on the memory adapters.
 */
import type { BucketName, ObjectAddress, ObjectKey, ObjectPrefix } from './object-address.ts';

/** Primary key of a row. Both parts are built only in `functions/store/keys.ts`. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * Attributes are strings, numbers, booleans, null, lists or maps. A number set is a `Set<bigint>` with up to
 * 38 digits per element.
 */
export type Row = Key & { readonly [attribute: string]: unknown };

/**
 * One condition on the stored row; all conditions of a list must hold. A missing row has every attribute
 * absent.
 */
export type Condition =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | {
      readonly attribute: string;
      readonly is: 'equal' | 'notEqual' | 'less' | 'atMost' | 'greater' | 'atLeast';
      readonly value: string | number;
    }
  | { readonly attribute: string; readonly is: 'oneOf'; readonly value: readonly (string | number)[] }
  | { readonly anyOf: readonly (readonly Condition[])[] };

/**
 * Changes of an update. `setOnce` keeps an existing value; `add` sums numbers and unites sets; `append` adds to the end of
 * a list.
 */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly setOnce?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number | ReadonlySet<bigint>>>;
  readonly append?: Readonly<Record<string, readonly unknown[]>>;
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

/** `refused`: the condition did not hold, and `row` is the stored row (absent if there is none). */
export type WriteResult =
  | { readonly kind: 'written'; readonly row?: Row; readonly units: number }
  | { readonly kind: 'refused'; readonly row?: Row; readonly units: number };

export type TransactResult =
  | { readonly kind: 'written'; readonly units: number }
  /**
   * `refused` contains, by position, the row that failed its condition; `undefined` where the condition held.
   */
  | {
      readonly kind: 'refused';
      readonly refused: readonly (Row | 'missing' | undefined)[];
      readonly units: number;
    };

/**
 * Sparse indexes with separate keys, up to a second behind the table. `by-partition` (`listPk`, `listSk`)
 * contains whole rows, `due` (`duePk`, `dueSk`) only keys.
 */
export type IndexName = 'by-partition' | 'due';

export interface Query {
  /** Absent: queries the table. */
  readonly index?: IndexName;
  readonly pk: string;
  /** Only rows whose sort key has this prefix. */
  readonly begins?: string;
  /** Only rows whose sort key is at most this. Cannot be combined with `begins`. */
  readonly upTo?: string;
  /** Only rows after this one in the requested order: `next` of the previous page. */
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

/** A table of rows. Every method may throw if the store cannot be reached; the effect is then unknown. */
export interface Table {
  get(
    key: Key,
    options?: { strong?: boolean; attributes?: readonly string[] },
  ): Promise<{ row?: Row; units: number }>;
  /** `returns` selects the row before or after the write. */
  write(write: Write, returns?: 'old' | 'new'): Promise<WriteResult>;
  /** Writes all or nothing: up to 100 writes, at most one for each row. */
  transact(writes: readonly Write[]): Promise<TransactResult>;
  query(query: Query): Promise<Page>;
}

/**
 * `worker:<name>` is the queue of that worker. Workers send to `reports`; only the service sends to
 * `results`.
 */
export type QueueName = 'split' | 'results' | 'reports' | 'unroutable' | `worker:${string}`;

export interface OutgoingMessage {
  readonly body: string;
  /** The partition, so that fair queues keep one tenant from starving the others. */
  readonly group: string;
  /** From 0 to 900. */
  readonly delaySeconds?: number;
}

/** Maximum number of messages in one send, and maximum bytes of their bodies together. */
export const MAX_SEND_ENTRIES = 10;
export const MAX_SEND_BYTES = 256 * 1024;

export interface Queues {
  /**
   * Sends up to `MAX_SEND_ENTRIES` messages; returns the positions of those that the queue did *not* accept.
   */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<{ failed: readonly number[] }>;
  /** True if this deployment has the queue. */
  has(queue: QueueName): boolean;
}

export interface ObjectInfo {
  /** The key as S3 returns it. Parse it before you read the object. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export interface ListedObject extends ObjectInfo {
  /** Time of its last write, in milliseconds since 1970. */
  readonly modifiedTime: number;
}

export interface Objects {
  put(key: ObjectKey, body: string | Uint8Array, options?: { contentType?: string }): Promise<void>;
  /** Writes only if the object does not exist. The first writer wins, the others get `exists`. */
  putIfAbsent(
    key: ObjectKey,
    body: string | Uint8Array,
    options?: { contentType?: string },
  ): Promise<'written' | 'exists'>;
  /**
   * Writes a stream without holding all of it in memory. The object appears only after the stream ends, and
   * not at all if it fails. `requests` is the number of puts that S3 bills.
   */
  putStream(
    key: ObjectKey,
    body: AsyncIterable<Uint8Array>,
    options?: { contentType?: string },
  ): Promise<{ sizeBytes: number; requests: number }>;
  /**
   * Returns the bytes from `from` (inclusive) to `to` (exclusive), or all without a range; `undefined` if the
   * object does not exist.
   */
  get(
    address: ObjectAddress,
    range?: { from: number; to: number; etag?: string },
  ): Promise<Uint8Array | undefined>;
  describe(address: ObjectAddress): Promise<ObjectInfo | undefined>;
  /** Lists keys after `after` in UTF-8 order; `next` is absent on the last page. */
  list(
    prefix: ObjectPrefix,
    options?: { bucket?: BucketName; after?: string; limit?: number; delimiter?: '/' },
  ): Promise<{ objects: readonly ListedObject[]; next?: string }>;
  delete(keys: readonly string[]): Promise<void>;
}

/** Thrown by `Objects.get` if the object no longer has the given `etag`. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}

/** Thrown by `Objects.get` and `describe` if IAM denies the read. */
export class ObjectForbidden extends Error {
  override readonly name = 'ObjectForbidden';
}

export interface WebRequest {
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Limit for the whole exchange, including the response body. */
  readonly timeoutSeconds: number;
  /** Maximum number of redirects to follow for GET and HEAD. @default 0 */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

export interface WebResponse {
  readonly status: number;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws if the connection breaks or the time is up. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Discards the rest of the body; required if it is not read to its end. */
  close(): void;
}

/** HTTP access outside AWS, as far as the stack lets its functions reach. */
export interface Web {
  /** Throws `WebForbidden`, or the network error; the effect is unknown after a network error. */
  send(request: WebRequest): Promise<WebResponse>;
}

/** Thrown by `Web.send` for a URL that must not be reached. A retry would fail again. */
export class WebForbidden extends Error {
  override readonly name = 'WebForbidden';
}

/** The state machines that run templates, and their executions. */
export interface StateMachines {
  /** Creates or updates a machine; returns the ARN of the published version. */
  publish(name: string, definition: unknown): Promise<string>;
  /** Returns the ARN of a machine that came with the deployment. */
  addressOf(name: string): string;
  /**
   * Returns `started` even if an execution of this name was started before, `missing` if the machine does not
   * exist.
   */
  start(machine: string, execution: string, input: unknown): Promise<'started' | 'missing'>;
  /** Stops an execution. An execution that has ended or was never started is ignored. */
  stop(machine: string, execution: string): Promise<void>;
  /** Ends a waiting task. Returns `gone` if no task waits for this token any more. */
  succeed(token: string, output: unknown): Promise<'delivered' | 'gone'>;
  fail(token: string, error: string, cause: string): Promise<'delivered' | 'gone'>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after this time. */
  sleep(millis: number): Promise<void>;
}

export interface Random {
  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** Returns a new, unique, sortable id. */
  id(): string;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Messages are constant strings with fields, and never contain payloads, tokens or secrets. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Logs an error that an operator must handle; a metric filter turns it into an alarm. */
  alarm(message: string, fields?: LogFields): void;
}

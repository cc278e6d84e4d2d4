/** Lists of the API as async iterables, which request the next page when it is needed. */
import { omitUndefined } from '#core/omit-undefined.ts';
import type { ApiCall, CallOptions, Transport } from './transport.ts';

export interface ListOptions extends CallOptions {
  /** Maximum number of entries in total. @default all */
  readonly limit?: number | undefined;
  /** Number of entries that one request returns, 1 to 1,000. @default 100, or fewer for a lower limit */
  readonly pageSize?: number | undefined;
}

export interface Page<T> {
  readonly entries: readonly T[];
  /** Cursor of the next page; absent at the end of the list. */
  readonly next?: string;
}

const PAGE_SIZE = 100;

export class List<T> implements AsyncIterable<T> {
  readonly #transport: Transport;
  readonly #call: ApiCall;
  readonly #limit: number;
  readonly #pageSize: number;

  constructor(transport: Transport, call: ApiCall, { limit, pageSize, signal }: ListOptions = {}) {
    this.#transport = transport;
    this.#call = { ...call, signal: signal ?? call.signal };
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
    this.#pageSize = pageSize ?? Math.min(PAGE_SIZE, Math.max(1, this.#limit));
  }

  /** Returns one page. Interfaces that load more on demand use this; others iterate. */
  async page(cursor?: string, { signal }: CallOptions = {}): Promise<Page<T>> {
    const { query = {} } = this.#call;
    const response = await this.#transport.send({
      ...this.#call,
      signal: signal ?? this.#call.signal,
      query: {
        ...query,
        limit: this.#pageSize,
        ...(cursor === undefined ? {} : { cursor, offset: undefined }),
      },
    });
    const next = nextCursor(response.headers.get('link'));
    return { entries: await this.#transport.parse<T[]>(response), ...omitUndefined({ next }) };
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T, void, undefined> {
    let left = this.#limit;
    let cursor: string | undefined;
    while (left > 0) {
      const { entries, next } = await this.page(cursor);
      for (const entry of entries) {
        yield entry;
        left -= 1;
        if (left <= 0) return;
      }
      if (next === undefined) return;
      cursor = next;
    }
  }

  /** Returns all entries at once. */
  async toArray(): Promise<T[]> {
    const entries: T[] = [];
    for await (const entry of this) entries.push(entry);
    return entries;
  }
}

/** The address in the header is relative to the request; only its cursor matters. */
function nextCursor(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  return new URL(target, 'http://service').searchParams.get('cursor') ?? undefined;
}

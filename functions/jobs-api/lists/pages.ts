/** Pages of a list: the start of a page and the link to the next one. */
import type * as z from 'zod';
import type { ApiPorts, ApiResponse } from '../request.ts';
import type { CursorScope } from './cursor.ts';

/** Below the limit of 6 MB for the response of a function, with room for the JSON syntax. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface PagedQuery {
  /** Absent if the list has no page size. */
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly offset?: number | undefined;
}

export interface PagedRequest {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: PagedQuery;
  readonly sentQuery: readonly (readonly [string, string])[];
}

/** The list of one request. `bound` adds values to the scope of its cursors, such as the generation of the job. */
export class PagedList<P> {
  readonly #request: PagedRequest;
  readonly #ports: ApiPorts;
  readonly #position: z.ZodType<P>;
  readonly #scope: CursorScope;

  constructor(request: PagedRequest, ports: ApiPorts, position: z.ZodType<P>, bound: CursorScope = {}) {
    const { operation, parameters, query } = request;
    // Only the page size may change between pages. The offset applies to the first page only.
    const { limit: _limit, cursor: _cursor, offset: _offset, ...filters } = query;
    this.#request = request;
    this.#ports = ports;
    this.#position = position;
    this.#scope = { operation, parameters, filters, bound };
  }

  /** Returns the position where the page starts; `undefined` for the first page. */
  async start(): Promise<P | undefined> {
    const { cursor } = this.#request.query;
    return cursor === undefined ? undefined : this.#ports.cursors.open(this.#scope, cursor, this.#position);
  }

  /** Returns the cursor of a position. */
  async cursor(position: P): Promise<string> {
    return this.#ports.cursors.sign(this.#scope, position);
  }

  async headers(next: P | undefined): Promise<Record<string, string>> {
    if (next === undefined) return {};
    const cursor = await this.cursor(next);
    const query = new URLSearchParams();
    for (const [name, value] of this.#request.sentQuery) {
      if (name !== 'cursor' && name !== 'offset') query.append(name, value);
    }
    query.append('cursor', cursor);
    return { Link: `<?${query}>; rel="next"` };
  }

  async answer<T>(entries: readonly T[], next: P | undefined): Promise<ApiResponse<readonly T[]>> {
    return { status: 200, body: entries, headers: await this.headers(next) };
  }
}

export interface Placed<T, P> {
  readonly entry: T;
  /** Position of the next page if the page ends with this entry. */
  readonly position: P;
}

/** Returns as many entries as fit into one response, at least one. `next` is the position of the rest, if any. */
export function fitAnswer<T, P>(
  placed: readonly Placed<T, P>[],
  next: P | undefined,
): { entries: T[]; next: P | undefined } {
  let bytes = 0;
  for (const [count, { entry }] of placed.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    if (bytes > MAX_PAGE_BYTES && count > 0) {
      return {
        entries: placed.slice(0, count).map(({ entry: fittingEntry }) => fittingEntry),
        next: placed[count - 1]?.position,
      };
    }
  }
  return { entries: placed.map(({ entry }) => entry), next };
}

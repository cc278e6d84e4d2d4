/** Pages of a list: where one begins, and the link to the one behind it. */
import type * as z from 'zod';
import type { ApiPorts, ApiResponse } from '../request.ts';
import type { CursorScope } from './cursor.ts';

/** Below the 6 MB that a function may answer, with room for what JSON adds. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface PagedQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly offset?: number | undefined;
}

export interface PagedRequest {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: PagedQuery;
  readonly sentQuery: readonly (readonly [string, string])[];
}

/** A list of one request: `bound` is what else its cursors belong to, such as the generation of the job. */
export class PagedList<P> {
  readonly #request: PagedRequest;
  readonly #ports: ApiPorts;
  readonly #position: z.ZodType<P>;
  readonly #scope: CursorScope;

  constructor(request: PagedRequest, ports: ApiPorts, position: z.ZodType<P>, bound: CursorScope = {}) {
    const { operation, parameters, query } = request;
    // The size of pages may change on the way, everything else may not. What was skipped lies before the cursor.
    const { limit: _limit, cursor: _cursor, offset: _offset, ...filters } = query;
    this.#request = request;
    this.#ports = ports;
    this.#position = position;
    this.#scope = { operation, parameters, filters, bound };
  }

  /** Where the page begins; `undefined` for the first. */
  async start(): Promise<P | undefined> {
    const { cursor } = this.#request.query;
    return cursor === undefined ? undefined : this.#ports.cursors.open(this.#scope, cursor, this.#position);
  }

  async headers(next: P | undefined): Promise<Record<string, string>> {
    if (next === undefined) return {};
    const cursor = await this.#ports.cursors.sign(this.#scope, next);
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
  /** Where to go on behind the entry. */
  readonly position: P;
}

/** As many entries as one answer can hold, but at least one; `next` is where the rest begins, if any is left. */
export function fitAnswer<T, P>(
  placed: readonly Placed<T, P>[],
  next: P | undefined,
): { entries: T[]; next: P | undefined } {
  let bytes = 0;
  for (const [count, { entry }] of placed.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    if (bytes > MAX_PAGE_BYTES && count > 0) {
      return {
        entries: placed.slice(0, count).map(({ entry: kept }) => kept),
        next: placed[count - 1]?.position,
      };
    }
  }
  return { entries: placed.map(({ entry }) => entry), next };
}

/** The type of a route, and what the rows of the table share. */
import * as z from 'zod';
import type { Role } from './claims.ts';
import type { RequestHeaderName } from './request-headers.ts';
import type { HeaderName } from './response-headers.ts';

export const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** A possible response. */
export interface RouteResponse {
  /** Absent: the body is empty. */
  readonly response?: z.ZodType | undefined;
  /** Schema of a line, if clients can also request the list as lines, one per entry. */
  readonly lines?: z.ZodType;
  readonly headers?: readonly HeaderName[];
}

/** Problems that only some routes have. `openapi-responses.ts` derives the others from the row. */
type OwnProblem = 409 | 412 | 422;

export interface Route extends RouteResponse {
  /** Selects the handler, which `functions/jobs-api/operations.ts` lists. */
  readonly operation: string;
  readonly method: Method;
  /** `{p}` is a partition, `{j}` a job, `{i}` an item, `{b}` a bulk operation, `{u}` an upload, `{name}` a job type or a template. */
  readonly path: `/${string}`;
  /** Minimum role of the token; `open` needs no token. */
  readonly role: Role | 'open';
  /**
   * True if it changes what all partitions share. Only a token for all of them (`partitions: ["*"]`) may call
   * it.
   */
  readonly forAllPartitions?: true;
  readonly summary: string;
  /**
   * Number of requests of the partition's rate limit that one call uses. @default 1, or 0 for an open route
   */
  readonly weight?: 0 | 1 | 2 | 10;
  /** Status of the main success, with `response` and `headers`. */
  readonly success: 200 | 201 | 202 | 204;
  /** Successes with other statuses. */
  readonly also?: Readonly<
    Partial<Record<200 | 201 | 202 | 204 | 304, RouteResponse & { readonly when: string }>>
  >;
  readonly problems?: readonly OwnProblem[];
  /** Headers that its handler may read. Absent: none. */
  readonly requestHeaders?: readonly RequestHeaderName[];
  /** Absent: no query parameter is allowed. */
  readonly query?: z.ZodObject;
  /** Absent: the body is not read. */
  readonly body?: z.ZodType;
  /** Accepted media types of the body, which is always parsed as JSON. */
  readonly bodyTypes?: readonly string[];
  /** Format of the response; absent: that of jobtree. */
  readonly view?: 'caf';
}

/** Actions need no body. An empty body and `{}` are accepted. */
export const noBody = z.strictObject({}).meta({ id: 'NoBody' }).optional();

export const JOBS = '/partitions/{p}/jobs';
export const JOB = `${JOBS}/{j}` as const;

/** Returns the id of a route in the OpenAPI document and the log. */
export function operationId({ operation, view }: Pick<Route, 'operation' | 'view'>): string {
  return view === undefined ? operation : `${view}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

export function weightOf({ role, weight = role === 'open' ? 0 : 1 }: Route): number {
  return weight;
}

/** Returns the names in braces of a path, in order. */
export function pathParameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
}

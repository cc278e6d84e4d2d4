/** What a route is, and what the rows of the table share. */
import * as z from 'zod';
import type { Role } from './claims.ts';
import type { RequestHeaderName } from './request-headers.ts';
import type { HeaderName } from './response-headers.ts';

export const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** What a request may be answered with. */
export interface Answer {
  /** Absent: an empty body. */
  readonly response?: z.ZodType | undefined;
  /** Sent as lines too, one for each entry of the list, to whoever accepts that. */
  readonly lines?: z.ZodType;
  readonly headers?: readonly HeaderName[];
}

/** Problems that not every route has; see `openapi-responses.ts` for those that follow from the row. */
type OwnProblem = 409 | 412 | 422;

export interface Route extends Answer {
  /** Names the handler: `functions/jobs-api/routes/<operation in kebab case>.ts`. */
  readonly operation: string;
  readonly method: Method;
  /** `{p}` is a partition, `{j}` a job, `{b}` a bulk operation, `{name}` a job type or a template. */
  readonly path: `/${string}`;
  /** The least role of a token; `open` needs no token. */
  readonly role: Role | 'open';
  /** It changes what all partitions share: only a token for all of them (`partitions: ["*"]`) may. */
  readonly forAllPartitions?: true;
  readonly summary: string;
  /** As how many requests of a partition's rate one call counts. @default 1, and 0 where no token is needed */
  readonly weight?: 0 | 1 | 2 | 10;
  /** The status of success, whose answer `response` and `headers` tell. */
  readonly success: 200 | 201 | 202 | 204;
  /** Successes of other statuses. */
  readonly also?: Readonly<Partial<Record<200 | 201 | 202 | 204 | 304, Answer & { readonly when: string }>>>;
  readonly problems?: readonly OwnProblem[];
  /** Those that its handler reads; no other can be read there. Absent: none. */
  readonly requestHeaders?: readonly RequestHeaderName[];
  /** Absent: no query parameter is allowed. */
  readonly query?: z.ZodObject;
  /** Absent: a body is not read. */
  readonly body?: z.ZodType;
  /** What a body may be called; whatever it is called, it is read as JSON. */
  readonly bodyTypes?: readonly string[];
  /** In whose words the answer is; absent: in ours. */
  readonly view?: 'caf';
}

/** Actions take no body; an empty one and `{}` are fine. */
export const noBody = z.strictObject({}).optional();

export const JOBS = '/partitions/{p}/jobs';
export const JOB = `${JOBS}/{j}` as const;

/** What the OpenAPI document and the log call a route. */
export function operationId({ operation, view }: Pick<Route, 'operation' | 'view'>): string {
  return view === undefined ? operation : `${view}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

export function weightOf({ role, weight = role === 'open' ? 0 : 1 }: Route): number {
  return weight;
}

/** The names in braces of a path, in order. */
export function pathParameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
}

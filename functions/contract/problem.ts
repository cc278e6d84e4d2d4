/** Error responses: RFC 9457 problem details, with additional members for CAF clients and operators. */
import * as z from 'zod';
import { JobServiceError, type ProblemDetail } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';

/** Every error code of the API. Codes never change; titles and details may. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid token is required' },
  forbidden: { status: 403, title: 'The role of the token does not allow this' },
  'not-found': { status: 404, title: 'The resource does not exist' },
  'method-not-allowed': { status: 405, title: 'The resource does not support this method' },
  'job-exists': { status: 409, title: 'A different job has this id' },
  'invalid-transition': { status: 409, title: 'The status of the job does not allow this' },
  'idempotency-key-spent': { status: 409, title: 'The job of this Idempotency-Key was deleted' },
  'template-disabled': { status: 409, title: 'The template is disabled' },
  'limit-reached': { status: 409, title: 'The partition has reached its limit' },
  'read-only': { status: 409, title: 'The resource belongs to the deployment' },
  'precondition-failed': { status: 412, title: 'The resource has changed since it was read' },
  'too-large': { status: 413, title: 'The request is too large' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with a different body' },
  'mapping-failed': { status: 422, title: 'The mapping of the job type did not return a job' },
  'query-too-broad': { status: 422, title: 'The query would examine too many jobs' },
  'rate-limited': { status: 429, title: 'The partition sends too many requests' },
  internal: { status: 500, title: 'The service failed' },
  'store-unreachable': { status: 503, title: 'The store cannot be reached' },
  timeout: { status: 503, title: 'The request took too long' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** Media type of every error. */
export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z
  .strictObject({
    type: z.string().describe('Address of the page that explains the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('The problem, the value received, what is allowed, and what to do next.'),
    message: z.string().describe('The same as detail, for clients of the CAF Job Service.'),
    instance: z
      .string()
      .exactOptional()
      .describe('Path of the request; absent in responses of API Gateway itself.'),
    code: z.string().describe('Stable code; the text can change.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().exactOptional().describe('JSON Pointer into the body.'),
          parameter: z
            .string()
            .exactOptional()
            .describe('Name of a parameter of the path, the query or the headers.'),
          detail: z.string(),
        }),
      )
      .exactOptional()
      .describe('Each error with its location.'),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
export type Problem = z.output<typeof problemSchema>;

export interface RefusalOptions extends ErrorOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Record<string, string>;
}

/** Creates an error with a code of `PROBLEMS`. `detail` states the problem, the value received, what is allowed and what to do next. */
export function refusal(code: ProblemCode, detail: string, options: RefusalOptions = {}): JobServiceError {
  const { errors, headers, cause } = options;
  return new JobServiceError(
    PROBLEMS[code].status,
    code,
    detail,
    omitUndefined({ errors: errors && [...errors], headers, cause }),
  );
}

export interface ProblemSource {
  /** Path of the request. */
  readonly instance: string;
  readonly requestId: string;
  /** Address of the API, which also serves the docs. */
  readonly base: string;
}

/** Path of the docs page that has an anchor for each code. */
export const PROBLEMS_PAGE = '/docs/reference/http-api';

/** Returns the body of the response for an error. */
export function problemOf(error: JobServiceError, source: ProblemSource): Problem {
  const { status, code, message, errors } = error;
  const problem: { title: string } | undefined = PROBLEMS[code as ProblemCode];
  return {
    type: `${source.base}${PROBLEMS_PAGE}#${code}`,
    title: problem?.title ?? code,
    status,
    detail: message,
    message,
    instance: source.instance,
    code,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
    requestId: source.requestId,
  };
}

/** Errors as the API tells them: RFC 9457 problem details, with what CAF clients and operators need beside. */
import * as z from 'zod';
import { JobServiceError, type ProblemDetail } from '#core/errors.ts';

/** Every code the API answers with; the code is stable, the words may improve. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'The role of the token does not allow this' },
  'not-found': { status: 404, title: 'There is no such resource' },
  'method-not-allowed': { status: 405, title: 'The resource does not have this method' },
  'job-exists': { status: 409, title: 'Another job has this id' },
  'invalid-transition': { status: 409, title: 'The status of the job does not allow this' },
  'idempotency-key-spent': { status: 409, title: 'The job of this Idempotency-Key was deleted' },
  'template-disabled': { status: 409, title: 'The template is disabled' },
  'limit-reached': { status: 409, title: 'The partition has as many as it may have' },
  'read-only': { status: 409, title: 'This comes with the deployment' },
  'precondition-failed': { status: 412, title: 'It has changed since it was read' },
  'too-large': { status: 413, title: 'The request is too large' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key came with another body' },
  'mapping-failed': { status: 422, title: 'The mapping of the job type yields no job' },
  'query-too-broad': { status: 422, title: 'The query has too many jobs to look at' },
  'rate-limited': { status: 429, title: 'The partition sends too many requests' },
  internal: { status: 500, title: 'The service failed' },
  'store-unreachable': { status: 503, title: 'The store cannot be reached' },
  timeout: { status: 503, title: 'The request took too long' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** The media type of every error. */
export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z
  .strictObject({
    type: z
      .string()
      .describe('Where the code is explained: a path in the project, since a stack has no address for it.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What was wrong, got, allowed, and what to do next.'),
    message: z.string().describe('Equal to detail: what clients of the CAF service look for.'),
    instance: z.string().exactOptional().describe('The path; absent where the gateway itself answers.'),
    code: z.string().describe('Stable, unlike the words.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().exactOptional().describe('A JSON Pointer into the body.'),
          parameter: z.string().exactOptional().describe('Of the path, the query or the headers.'),
          detail: z.string(),
        }),
      )
      .exactOptional()
      .describe('Each place that is wrong.'),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'An error, by RFC 9457.' });
export type Problem = z.output<typeof problemSchema>;

export interface RefusalOptions extends ErrorOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Record<string, string>;
}

/** The error to throw for a code of the table; `detail` says what, got, allowed and next. */
export function refusal(code: ProblemCode, detail: string, options: RefusalOptions = {}): JobServiceError {
  const { errors, headers, cause } = options;
  return new JobServiceError(PROBLEMS[code].status, code, detail, {
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(headers === undefined ? {} : { headers }),
    ...(cause === undefined ? {} : { cause }),
  });
}

export function problemOf(error: JobServiceError, where: { instance: string; requestId: string }): Problem {
  const { status, code, message, errors } = error;
  const known: { title: string } | undefined = PROBLEMS[code as ProblemCode];
  return {
    type: `/docs/reference/http-api.md#${code}`,
    title: known?.title ?? code,
    status,
    detail: message,
    message,
    instance: where.instance,
    code,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
    requestId: where.requestId,
  };
}

/** Errors of the client: a problem of the API (RFC 9457), or a request that got no response. */
import { omitUndefined } from '#core/omit-undefined.ts';

/** A part of the request that is wrong. */
export interface WrongPart {
  /** JSON Pointer into the body. */
  readonly pointer?: string;
  /** Name of the query or path parameter. */
  readonly parameter?: string;
  readonly detail: string;
}

export interface ErrorFields {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly WrongPart[];
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** The superclass of every error that the client throws, except for those of an AbortSignal. */
export class JobtreeError extends Error {
  override readonly name: string = 'JobtreeError';
  /** HTTP status; 0 if there was no response. */
  readonly status: number;
  /** Stable code, for example `job-exists`. The reference of the HTTP API lists the codes. */
  readonly code: string;
  /** The problem and the next step, for people. */
  readonly detail: string;
  /** Parts of the request that are wrong. */
  readonly errors: readonly WrongPart[];
  /** Identifies the request in the log of the service. */
  readonly requestId: string | undefined;

  constructor({ status, code, detail, errors = [], requestId }: ErrorFields, options?: ErrorOptions) {
    super([detail, ...errors.map(partLine)].join('\n'), options);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
  }
}

function partLine({ pointer, parameter, detail }: WrongPart): string {
  const location = pointer ?? parameter;
  return location === undefined ? `  ${detail}` : `  ${location || '/'}: ${detail}`;
}

/** 400, 413 or 422: the request itself is wrong. */
export class InvalidRequestError extends JobtreeError {
  override readonly name: string = 'InvalidRequestError';
}

/** 401 or 403: the token is not accepted, or its role is not sufficient. */
export class NotAllowedError extends JobtreeError {
  override readonly name: string = 'NotAllowedError';
}

/** 404: it does not exist, or the token does not have the partition. */
export class NotFoundError extends JobtreeError {
  override readonly name: string = 'NotFoundError';
}

/** 409 or 412: the current state does not allow the request. */
export class ConflictError extends JobtreeError {
  override readonly name: string = 'ConflictError';
}

/** 429, after all retries. */
export class ThrottledError extends JobtreeError {
  override readonly name: string = 'ThrottledError';
  /** Time after which the service accepts the request again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(fields: ErrorFields, options?: ErrorOptions) {
    super(fields, options);
    this.retryAfterSeconds = fields.retryAfterSeconds;
  }
}

/** 5xx, after all retries. */
export class ServiceError extends JobtreeError {
  override readonly name: string = 'ServiceError';
}

/** The service did not respond, after all retries. `cause` is the error of `fetch`. */
export class ConnectionError extends JobtreeError {
  override readonly name: string = 'ConnectionError';
}

/** A job, or a bulk operation, was not final within the time that `done` allows. It continues. */
export class WaitTimeoutError extends JobtreeError {
  override readonly name: string = 'WaitTimeoutError';
}

const CLASSES: Readonly<Record<number, typeof JobtreeError>> = {
  400: InvalidRequestError,
  401: NotAllowedError,
  403: NotAllowedError,
  404: NotFoundError,
  409: ConflictError,
  412: ConflictError,
  413: InvalidRequestError,
  422: InvalidRequestError,
  429: ThrottledError,
};

/** Returns the error of a response that is not a success. */
export async function errorOf(response: Response, address: string): Promise<JobtreeError> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const problem = problemIn(text);
  const seconds = retryAfterSeconds(response);
  const ErrorClass = CLASSES[status] ?? (status >= 500 ? ServiceError : JobtreeError);
  return new ErrorClass({
    status,
    code: textIn(problem, 'code') ?? `http-${status}`,
    detail:
      textIn(problem, 'detail') ??
      textIn(problem, 'message') ??
      `${address} responded with ${status}${excerptOf(text)}`,
    errors: Array.isArray(problem['errors']) ? problem['errors'] : [],
    requestId: textIn(problem, 'requestId') ?? response.headers.get('x-amzn-requestid') ?? undefined,
    ...omitUndefined({ retryAfterSeconds: seconds }),
  });
}

/** Returns the seconds of `Retry-After`, which may also be a date. */
export function retryAfterSeconds({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null || value.trim() === '') return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function problemIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textIn(problem: Record<string, unknown>, name: string): string | undefined {
  const value = problem[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function excerptOf(text: string): string {
  const excerpt = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return excerpt === '' ? '' : `: ${excerpt}`;
}

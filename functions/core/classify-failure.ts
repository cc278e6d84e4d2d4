/** Decides how to react to an error: fail at once, retry later, or try only a few times. */
import { PermanentFailure, RetryableFailure } from './errors.ts';
import { InexactNumber } from './json/exact-number.ts';
import { ObjectChanged, ObjectForbidden, WebForbidden } from './ports.ts';
import { SendRefused } from './send.ts';

/** `unknown`: probably a bug, so a few attempts are enough to find out. */
export type FailureKind = 'permanent' | 'retryable' | 'unknown';

export interface ClassifiedFailure {
  readonly kind: FailureKind;
  readonly code: string;
  /** For the user: what went wrong and, where known, what to do next. */
  readonly message: string;
}

/** Code of an error that matches no rule below. */
export const UNKNOWN_CODE = 'unexpected-error';

const FORBIDDEN_HINT = 'add the bucket to readBuckets of the stack, or correct its policy';

interface Rule {
  readonly code: string;
  readonly hint?: string;
}

const MISSING_BUCKET: Rule = { code: 'source-missing', hint: 'correct the bucket name' };
const FORBIDDEN: Rule = { code: 'source-forbidden', hint: FORBIDDEN_HINT };
const ELSEWHERE: Rule = {
  code: 'source-elsewhere',
  hint: 'the bucket is in another region; copy the object to a bucket in the region of the stack',
};

/** Errors of the AWS SDK, by name, that no retry can fix. */
const PERMANENT: ReadonlyMap<string, Rule> = new Map([
  ['NoSuchBucket', MISSING_BUCKET],
  ['InvalidBucketName', MISSING_BUCKET],
  ['NoSuchKey', { code: 'source-missing', hint: 'upload it first, or correct the source' }],
  ['NotFound', { code: 'source-missing', hint: 'upload it first, or correct the source' }],
  ['AccessDenied', FORBIDDEN],
  ['AccessDeniedException', FORBIDDEN],
  ['AllAccessDisabled', FORBIDDEN],
  ['Forbidden', FORBIDDEN],
  ['403', FORBIDDEN],
  ['KMS.DisabledException', FORBIDDEN],
  ['PermanentRedirect', ELSEWHERE],
  ['AuthorizationHeaderMalformed', ELSEWHERE],
  ['InvalidObjectState', { code: 'source-archived', hint: 'restore the object from the archive first' }],
  [
    'InvalidRange',
    { code: 'source-changed', hint: 'submit the job again once the object no longer changes' },
  ],
  ['KMS.NotFoundException', FORBIDDEN],
  ['KMS.InvalidStateException', FORBIDDEN],
  ['KeyTooLongError', { code: 'invalid-source', hint: 'a key has at most 1,024 bytes' }],
  ['InvalidURI', { code: 'invalid-source', hint: 'correct the key' }],
  ['MethodNotAllowed', { code: 'source-forbidden', hint: 'the object is a delete marker; restore it first' }],
  ['RequestTooLargeException', { code: 'too-large', hint: 'make the item smaller, or pass it as a file' }],
  ['PreconditionFailed', { code: 'source-changed', hint: 'submit the job again once it no longer changes' }],
]);

const THROTTLED =
  /^(SlowDown|.*Thrott.*|TooManyRequests.*|RequestLimitExceeded|ProvisionedThroughputExceeded.*|BandwidthLimitExceeded|PriorRequestNotComplete|OverLimit)$/i;
const TIMED_OUT = /^(RequestTimeout|RequestTimeoutException|TimeoutError|AbortError)$/;
const SERVER_FAULT =
  /^(ServiceUnavailable.*|Internal(Error|Failure|Server.*|ServiceError)|TransactionConflict.*)$/;

/** Network errors, by the `code` that Node sets. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * A host name without an address, or an invalid certificate. Usually the URL is wrong, and rarely the cause
 * is temporary.
 */
const PROBABLY_WRONG_URL =
  /^(ENOTFOUND|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

const MAX_CAUSES = 5;

export function classifyFailure(error: unknown): ClassifiedFailure {
  if (error instanceof PermanentFailure)
    return { kind: 'permanent', code: error.code, message: error.message };
  if (error instanceof RetryableFailure) {
    const kind = hasDoubtfulCause(error) ? 'unknown' : 'retryable';
    return { kind, code: error.code, message: error.message };
  }
  if (!(error instanceof Error)) return { kind: 'unknown', code: UNKNOWN_CODE, message: String(error) };
  return (
    classifyPortError(error) ??
    classifyParserError(error) ??
    classifyServiceError(error) ??
    classifyUnknownError(error)
  );
}

function classifyPortError(error: Error): ClassifiedFailure | undefined {
  const { message } = error;
  if (error instanceof ObjectForbidden)
    return permanent({ code: 'source-forbidden', hint: FORBIDDEN_HINT }, message);
  if (error instanceof WebForbidden) return permanent({ code: 'source-forbidden' }, message);
  if (error instanceof ObjectChanged) return permanent({ code: 'source-changed' }, message);
  if (error instanceof InexactNumber) return permanent({ code: 'inexact-number' }, message);
  if (error instanceof SendRefused) return { kind: 'retryable', code: 'throttled', message };
  return undefined;
}

/** Errors of the CSV parser: its options come from a definition, and all other errors concern the text. */
function classifyParserError(error: Error): ClassifiedFailure | undefined {
  const code = codeOf(error);
  if (!/^(CSV_|INVALID_OPENING_QUOTE$)/.test(code)) return undefined;
  const isOption = /OPTION/.test(code);
  return permanent({ code: isOption ? 'invalid-definition' : 'source-unreadable' }, error.message);
}

function classifyServiceError(error: Error): ClassifiedFailure | undefined {
  const { name } = error;
  const message = error.message || name;
  const rule = PERMANENT.get(name);
  if (rule !== undefined) return permanent(rule, withLocation(error, message));
  const status = statusOf(error);
  if (THROTTLED.test(name) || status === 429) return { kind: 'retryable', code: 'throttled', message };
  if (TIMED_OUT.test(name)) return { kind: 'retryable', code: 'timed-out', message };
  if (SERVER_FAULT.test(name) || (status !== undefined && status >= 500) || '$retryable' in error) {
    return { kind: 'retryable', code: 'unavailable', message };
  }
  return causesOf(error).some((cause) => UNREACHABLE.has(codeOf(cause)))
    ? { kind: 'retryable', code: 'unreachable', message }
    : undefined;
}

function classifyUnknownError({ name, message }: Error): ClassifiedFailure {
  return {
    kind: 'unknown',
    code: UNKNOWN_CODE,
    message: name === 'Error' && message !== '' ? message : `${name}: ${message}`,
  };
}

function permanent({ code, hint }: Rule, message: string): ClassifiedFailure {
  return {
    kind: 'permanent',
    code,
    message: hint === undefined ? message : `${message.replace(/\.$/, '')}; ${hint}`,
  };
}

/** S3 names the bucket or key in a separate field of its error. */
function withLocation(error: Error, message: string): string {
  const { BucketName: bucket, Key: key } = error as { BucketName?: unknown; Key?: unknown };
  const location = [bucket, key].filter((part) => typeof part === 'string').join('/');
  return location === '' || message.includes(location)
    ? message
    : `${message.replace(/\.$/, '')}: '${location}'`;
}

function statusOf(error: Error): number | undefined {
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: unknown } };
  return typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function hasDoubtfulCause(error: Error): boolean {
  return causesOf(error).some((cause) => PROBABLY_WRONG_URL.test(codeOf(cause)));
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Returns the error and its causes, outermost first. */
function causesOf(error: Error): unknown[] {
  const causes: unknown[] = [];
  for (let next: unknown = error; next !== undefined && causes.length < MAX_CAUSES; ) {
    causes.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return causes;
}

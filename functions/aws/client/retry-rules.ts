/** The rules of the SDK's standard retry mode: which failures are retried, when, and how many in total. */
import type { IncomingHttpHeaders } from 'node:http';

export type RetryKind = 'throttling' | 'transient';

const THROTTLING_CODES = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const TRANSIENT_CODES = new Set([
  'BrokenResponse',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);
const TRANSIENT_STATUSES = new Set([500, 502, 503, 504]);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Codes of a signature that the service refuses because of its time. */
const CLOCK_CODES = new Set([
  'AccessDeniedException',
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);
const EXPIRED_CODES = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode: number };
}

/** Returns `undefined` for a failure that a retry would repeat. */
export function retryKind(error: unknown): RetryKind | undefined {
  const { name = '', code = '', message = '', $metadata } = error as Failure;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || THROTTLING_CODES.has(name)) return 'throttling';
  const isTransient =
    TRANSIENT_CODES.has(name) ||
    TRANSIENT_STATUSES.has(status) ||
    NETWORK_CODES.has(code) ||
    (name === 'InvalidSignatureException' && message.includes('Signature expired'));
  return isTransient ? 'transient' : undefined;
}

export function mayBeClock(error: unknown): boolean {
  return CLOCK_CODES.has((error as Failure).name ?? '');
}

export function isExpired(error: unknown): boolean {
  return EXPIRED_CODES.has((error as Failure).name ?? '');
}

/** Longest first delays. */
const TRANSIENT_MILLIS = 50;
const THROTTLING_MILLIS = 1000;
const MAX_DELAY_MILLIS = 20_000;
/** Maximum time by which a response may extend the delay. */
const MAX_HINT_MILLIS = 5000;

export interface RetryState {
  /** Number of retries so far. */
  readonly retries: number;
  /** Headers of the response, if there was one. */
  readonly headers?: IncomingHttpHeaders;
  /** Longest first delay after a transient failure. @default 50 */
  readonly retryMillis?: number | undefined;
}

/** Returns the milliseconds until the next attempt: random, so that clients do not retry together. */
export function retryDelay(
  kind: RetryKind,
  { retries, headers = {}, retryMillis = TRANSIENT_MILLIS }: RetryState,
): number {
  const base = kind === 'throttling' ? THROTTLING_MILLIS : retryMillis;
  const delay = Math.random() * Math.min(MAX_DELAY_MILLIS, base * 2 ** retries);
  return Math.max(delay, Math.min(requestedDelay(headers), delay + MAX_HINT_MILLIS));
}

/** Returns 0 if the response does not request a delay. */
function requestedDelay(headers: IncomingHttpHeaders): number {
  const text = headers['retry-after'];
  if (text === undefined) return Number(headers['x-amz-retry-after'] ?? 0) || 0;
  const millis = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(millis) ? 0 : Math.max(0, millis);
}

const INITIAL_TOKENS = 500;
const COSTS: Readonly<Record<RetryKind, number>> = { transient: 14, throttling: 5 };

/**
 * Limits the retries of a client, so that they do not add load to a service that fails. Successes refill it.
 */
export class RetryBudget {
  #tokens = INITIAL_TOKENS;

  /** Returns the cost of the retry, or `undefined` if the budget is used up. */
  spend(kind: RetryKind): number | undefined {
    const cost = COSTS[kind];
    if (this.#tokens < cost) return undefined;
    this.#tokens -= cost;
    return cost;
  }

  /** `cost` is that of the last retry. A success without a retry adds one token. */
  refill(cost = 1): void {
    this.#tokens = Math.min(INITIAL_TOKENS, this.#tokens + cost);
  }
}

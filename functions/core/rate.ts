/**
 * Token buckets. A bucket is one number: the time at which it is full again (`fullAt`, in milliseconds).
 * Taking a token moves that time ahead by the refill time of one token.
 */
export interface RateLimit {
  /** Number of tokens that are refilled each second. */
  readonly requestsPerSecond: number;
  /** Number of tokens in a full bucket. */
  readonly burst: number;
}

/**
 * Limit of partitions without a configured limit. The API Gateway stage accepts 500 requests per second for
 * all partitions together.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { requestsPerSecond: 100, burst: 500 };

/** Weight of the most expensive operation. A smaller bucket could never hold enough tokens. */
export const MAX_WEIGHT = 10;

/** Returns the milliseconds that refilling this many tokens takes. */
export function refillMillis({ requestsPerSecond }: RateLimit, tokens: number): number {
  return Math.ceil((tokens * 1000) / requestsPerSecond);
}

/** Returns the latest `fullAt` at which a bucket still contains this many tokens. */
export function latestFullAt(limit: RateLimit, tokens: number, now: number): number {
  return now + refillMillis(limit, limit.burst - tokens);
}

/** Returns when a bucket will contain this many tokens. */
export function availableAt(limit: RateLimit, tokens: number, fullAt: number): number {
  return fullAt - Math.floor(((limit.burst - tokens) * 1000) / limit.requestsPerSecond);
}

/** Rates are decimal fractions, which binary numbers only approximate. */
const ROUNDING = 1e-6;

/** Returns the number of whole tokens in a bucket. */
export function tokensOf(limit: RateLimit, fullAt: number, now: number): number {
  const missing = (Math.max(0, fullAt - now) * limit.requestsPerSecond) / 1000;
  return Math.max(0, Math.floor(limit.burst - missing + ROUNDING));
}

/**
 * Token buckets. A bucket is one number: the time at which it is full again (`fullAt`, in milliseconds). Each token that
 * is taken moves that time ahead by the time in which one token comes back.
 */
export interface RateLimit {
  /** Tokens that come back each second. */
  readonly requestsPerSecond: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

/** For partitions that have no limit of their own. The API Gateway stage takes 500 requests a second of all together. */
export const DEFAULT_RATE_LIMIT: RateLimit = { requestsPerSecond: 100, burst: 500 };

/** The weight of the most expensive operation: a smaller bucket could never hold its tokens. */
export const MAX_WEIGHT = 10;

/** The time in which so many tokens come back. */
export function refillMillis({ requestsPerSecond }: RateLimit, tokens: number): number {
  return Math.ceil((tokens * 1000) / requestsPerSecond);
}

/** The latest `fullAt` at which a bucket still holds so many tokens. */
export function latestFullAt(limit: RateLimit, tokens: number, now: number): number {
  return now + refillMillis(limit, limit.burst - tokens);
}

/** When a bucket will hold so many tokens. */
export function availableAt(limit: RateLimit, tokens: number, fullAt: number): number {
  return fullAt - Math.floor(((limit.burst - tokens) * 1000) / limit.requestsPerSecond);
}

/** Rates are decimal fractions, which binary numbers only come close to. */
const ROUNDING = 1e-6;

/** Whole tokens in a bucket. */
export function tokensOf(limit: RateLimit, fullAt: number, now: number): number {
  const missing = (Math.max(0, fullAt - now) * limit.requestsPerSecond) / 1000;
  return Math.max(0, Math.floor(limit.burst - missing + ROUNDING));
}

/** Middleware after authentication that refuses requests of a partition that exceeds its rate limit. */
import type { MiddlewareObj } from '@middy/core';
import { refusal } from '#contract/problem.ts';
import { weightOf } from '#contract/route.ts';
import type { RateLimiter, TooFast } from '../rate-limiter.ts';
import { type ApiEvent, type Exchange, exchangeOf } from './exchange.ts';

export function limitRate(limiter: RateLimiter): MiddlewareObj<ApiEvent> {
  return {
    before: async ({ event }) => {
      const exchange = exchangeOf(event);
      const partition = countedPartition(exchange);
      const weight = exchange.route === undefined ? 0 : weightOf(exchange.route);
      if (partition === undefined || weight === 0) return;
      const tooFast = await limiter.take(partition, weight);
      if (tooFast !== undefined) throw tooManyRequests(partition, weight, tooFast);
    },
  };
}

/** Returns the partition that a request counts for: that of its path, or the first of its token, which may be `*`. */
function countedPartition({ parameters, caller }: Exchange): string | undefined {
  return parameters?.['p'] ?? caller?.partitions[0];
}

function tooManyRequests(partition: string, weight: number, { limit, retryAfterSeconds }: TooFast) {
  const { requestsPerSecond, burst } = limit;
  const weightNote = weight === 1 ? '' : `; this request counts as ${weight}`;
  return refusal(
    'rate-limited',
    `partition '${partition.slice(0, 100)}' exceeded its limit of ${requestsPerSecond} requests per second, ${burst} at once${weightNote}. ` +
      `Try again in ${retryAfterSeconds} s and send fewer requests, or ask the operator to raise rateLimits of the stack`,
    { headers: { 'Retry-After': String(retryAfterSeconds) } },
  );
}

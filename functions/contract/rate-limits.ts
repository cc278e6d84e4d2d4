/** Rate limits of partitions, in limits.json beside the bundle of the API. */
import * as z from 'zod';
import { MAX_WEIGHT } from '#core/rate.ts';

const MAX_REQUESTS_PER_SECOND = 1_000;
const MAX_BURST = 100_000;

const rateLimit = z.strictObject({
  requestsPerSecond: z.number().min(0.1).max(MAX_REQUESTS_PER_SECOND),
  burst: z.int().min(MAX_WEIGHT).max(MAX_BURST),
});

export const rateLimits = rateLimit.extend({
  /** Limits of individual partitions, by id. */
  partitions: z.record(z.string(), rateLimit),
});
export type RateLimits = z.output<typeof rateLimits>;

/** Token buckets of partitions. Each is one row, from which instances of the API take tokens in blocks. */
import type { Condition, Table, Write, WriteResult } from '#core/ports.ts';
import { latestFullAt, type RateLimit, refillMillis, tokensOf } from '#core/rate.ts';
import { rateKey } from './keys.ts';

export interface TakeOptions {
  readonly limit: RateLimit;
  readonly now: number;
  /** Number of tokens to take if available. */
  readonly wanted: number;
  /** Minimum number of tokens to take, at most `wanted`. */
  readonly needed: number;
  /** `fullAt` as the caller last saw it. If it is still current, no write is refused. */
  readonly seen?: number | undefined;
}

export interface TakeResult {
  /** 0, or between `needed` and `wanted`. */
  readonly tokens: number;
  readonly fullAt: number;
}

/**
 * Each refused write returns the current bucket, so the next write fails only if another instance was faster.
 */
const MAX_WRITES = 5;
const KEPT_SECONDS = 24 * 60 * 60;

export async function takeTokens(table: Table, partition: string, taking: TakeOptions): Promise<TakeResult> {
  const { limit, now, wanted, needed } = taking;
  let seen = taking.seen ?? 0;
  let tokens = wanted;
  for (let writes = 0; writes < MAX_WRITES; writes += 1) {
    tokens = Math.min(wanted, tokensOf(limit, seen, now));
    // The last seen value may be ahead of this instance's clock; only the table decides.
    if (tokens < needed) return { tokens: 0, fullAt: seen };
    const result = await table.write(takeWrite(partition, taking, { tokens, seen }), 'new');
    const fullAt = fullAtOf(result);
    if (result.kind === 'written') return { tokens, fullAt };
    seen = fullAt;
  }
  throw new Error(`the token bucket changed before each of ${MAX_WRITES} writes`);
}

/**
 * A full bucket restarts from now. Any other bucket is only incremented, so that concurrent instances do not
 * conflict.
 */
function takeWrite(
  partition: string,
  { limit, now }: TakeOptions,
  { tokens, seen }: { readonly tokens: number; readonly seen: number },
): Write {
  const key = rateKey(partition);
  const ttl = Math.ceil(now / 1000) + KEPT_SECONDS;
  const cost = refillMillis(limit, tokens);
  if (seen <= now) {
    const isFull: Condition = {
      anyOf: [[{ attribute: 'fullAt', is: 'absent' }], [{ attribute: 'fullAt', is: 'atMost', value: now }]],
    };
    return { kind: 'update', key, change: { set: { fullAt: now + cost, ttl } }, when: [isFull] };
  }
  const hasTokens: Condition[] = [
    { attribute: 'fullAt', is: 'greater', value: now },
    { attribute: 'fullAt', is: 'atMost', value: latestFullAt(limit, tokens, now) },
  ];
  return { kind: 'update', key, change: { add: { fullAt: cost }, set: { ttl } }, when: hasTokens };
}

function fullAtOf({ row }: WriteResult): number {
  return Number(row?.['fullAt'] ?? 0);
}

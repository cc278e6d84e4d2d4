/** Token buckets of partitions: one row each, from which instances of the API take tokens in blocks. */
import type { Condition, Table, Write, WriteAnswer } from '#core/ports.ts';
import { latestFullAt, type RateLimit, refillMillis, tokensOf } from '#core/rate.ts';
import { rateKey } from './keys.ts';

export interface Taking {
  readonly limit: RateLimit;
  readonly now: number;
  /** Tokens to take if the bucket has them. */
  readonly wanted: number;
  /** Fewer are of no use. At most `wanted`. */
  readonly needed: number;
  /** `fullAt` as the caller saw it last; spares a refused write where it is still right. */
  readonly seen?: number | undefined;
}

export interface Taken {
  /** 0, or `needed` to `wanted`. */
  readonly tokens: number;
  readonly fullAt: number;
}

/** Each refused write shows the bucket as it is, so the next one fails only if another instance was faster. */
const MAX_WRITES = 5;
const KEPT_SECONDS = 24 * 60 * 60;

export async function takeTokens(table: Table, partition: string, taking: Taking): Promise<Taken> {
  const { limit, now, wanted, needed } = taking;
  let seen = taking.seen ?? 0;
  let tokens = wanted;
  for (let writes = 0; writes < MAX_WRITES; writes += 1) {
    tokens = Math.min(wanted, tokensOf(limit, seen, now));
    // What was seen may be newer than what this instance's clock says; only the table decides.
    if (tokens < needed) return { tokens: 0, fullAt: seen };
    const answer = await table.write(takingOf(partition, taking, { tokens, seen }), 'new');
    const fullAt = fullAtOf(answer);
    if (answer.outcome === 'written') return { tokens, fullAt };
    seen = fullAt;
  }
  throw new Error(`the bucket changed at each of ${MAX_WRITES} writes`);
}

/** A bucket that is full starts anew from now; any other one only moves on, so that instances do not hinder each other. */
function takingOf(
  partition: string,
  { limit, now }: Taking,
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

function fullAtOf({ row }: WriteAnswer): number {
  return Number(row?.['fullAt'] ?? 0);
}

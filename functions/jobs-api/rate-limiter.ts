/**
 * Limits the request rate of a partition. An instance takes tokens from the partition's bucket in the table, in blocks
 * that grow with its traffic. A busy partition therefore costs about one write for 20 requests.
 */
import type { RateLimits } from '#contract/rate-limits.ts';
import { BoundedMap } from '#core/bounded-map.ts';
import type { Clock, Log, Table } from '#core/ports.ts';
import { availableAt, type RateLimit, refillMillis } from '#core/rate.ts';
import { takeTokens } from '../store/rates.ts';

export interface RateLimiterPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TooFast {
  readonly limit: RateLimit;
  readonly retryAfterSeconds: number;
}

/** Maximum number of tokens that an instance takes at once. Tokens that it does not use are lost to the partition. */
const MAX_BLOCK = 20;
/** Time for which an instance may use the tokens that it took. */
const HELD_MILLIS = 10_000;

/** Time after a refusal in which an instance does not query the table, so that refusals cost no writes. */
const PAUSE_MILLIS = 1_000;

/** Maximum number of partitions whose tokens an instance remembers. */
const MAX_PARTITIONS = 1_000;

/** Tokens of one partition that an instance took from the table. */
interface TokenBlock {
  tokens: number;
  heldUntil: number;
  block: number;
  fullAt: number;
  /** Requests that need `needed` or more tokens from the table are refused until `until`. */
  refused: { needed: number; until: number } | undefined;
}

export class RateLimiter {
  readonly #ports: RateLimiterPorts;
  readonly #limits: RateLimits;
  readonly #blocks = new BoundedMap<string, TokenBlock>(MAX_PARTITIONS);

  constructor(limits: RateLimits, ports: RateLimiterPorts) {
    this.#limits = limits;
    this.#ports = ports;
  }

  /** Takes the tokens of one request. Returns when to retry if the bucket has too few. */
  async take(partition: string, weight: number): Promise<TooFast | undefined> {
    const now = this.#ports.clock.now();
    const limit = this.#limitOf(partition);
    const held = this.#blockOf(partition, now);
    if (held.tokens < weight) {
      const needed = weight - held.tokens;
      const refused = isRefused(held, needed, now)
        ? held.refused?.until
        : await this.#refill(partition, held, needed);
      if (refused !== undefined) {
        return { limit, retryAfterSeconds: Math.max(1, Math.ceil((refused - now) / 1000)) };
      }
    }
    held.tokens -= weight;
    return undefined;
  }

  /** Takes at least `needed` tokens from the table. If there are too few, returns the time when there will be enough. */
  async #refill(partition: string, held: TokenBlock, needed: number): Promise<number | undefined> {
    const { table, clock, log } = this.#ports;
    const now = clock.now();
    const limit = this.#limitOf(partition);
    const wanted = Math.max(needed, held.block);
    try {
      const { tokens, fullAt } = await takeTokens(table, partition, {
        limit,
        now,
        wanted,
        needed,
        seen: held.fullAt,
      });
      held.fullAt = Math.max(held.fullAt, fullAt);
      if (tokens === 0) return refuse(held, { limit, needed, now });
      held.tokens += tokens;
      held.heldUntil = now + HELD_MILLIS;
      held.block = Math.min(2 * held.block, largestBlock(limit));
      return undefined;
    } catch (error) {
      // Allow the request: its operation needs the same table and fails anyway if the table is down
      // (docs/explanation/decisions/0019).
      log.warn('the rate of a partition was not checked', { partition, error });
      held.tokens += needed;
      return undefined;
    }
  }

  #limitOf(partition: string): RateLimit {
    const { partitions } = this.#limits;
    return (Object.hasOwn(partitions, partition) ? partitions[partition] : undefined) ?? this.#limits;
  }

  #blockOf(partition: string, now: number): TokenBlock {
    const current = this.#blocks.get(partition);
    if (current !== undefined && now < current.heldUntil) return current;
    const { fullAt = 0, refused } = current ?? {};
    const held = { tokens: 0, heldUntil: now + HELD_MILLIS, block: nextSize(current, now), fullAt, refused };
    this.#blocks.setNewest(partition, held);
    return held;
  }
}

/** Halves the block for each holding period that passed without a request. */
function nextSize(held: TokenBlock | undefined, now: number): number {
  if (held === undefined) return 1;
  const idle = 1 + (now - held.heldUntil) / HELD_MILLIS;
  return Math.max(1, Math.floor(held.block / 2 ** idle));
}

function isRefused({ refused }: TokenBlock, needed: number, now: number): boolean {
  return refused !== undefined && refused.needed <= needed && now < refused.until;
}

function refuse(
  held: TokenBlock,
  { limit, needed, now }: { limit: RateLimit; needed: number; now: number },
): number {
  // Never pause longer than the bucket takes to fill, because tokens beyond a full bucket are lost.
  const pause = Math.min(PAUSE_MILLIS, refillMillis(limit, limit.burst));
  const until = Math.max(availableAt(limit, needed, held.fullAt), now + pause);
  held.refused = { needed, until };
  return until;
}

function largestBlock({ burst }: RateLimit): number {
  return Math.max(1, Math.min(MAX_BLOCK, Math.floor(burst / 10)));
}

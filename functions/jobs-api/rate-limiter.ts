/**
 * Limits how many requests a partition sends. An instance takes tokens from the partition's bucket in the table in
 * blocks that grow with its traffic, so that a busy partition costs about one write for 20 requests.
 */
import type { RateLimits } from '#contract/rate-limits.ts';
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

/** The most tokens that an instance holds, and for how long: what it does not use is lost to the partition. */
const MAX_BLOCK = 20;
const HELD_MILLIS = 10_000;

/** After a refusal an instance does not ask the table again for so long: refusals must not cost a write each. */
const PAUSE_MILLIS = 1_000;

/** Partitions of which an instance remembers anything. */
const MAX_PARTITIONS = 1_000;

/** What an instance holds of one partition's bucket. */
interface Held {
  tokens: number;
  heldUntil: number;
  block: number;
  fullAt: number;
  /** Until when requests that need this many tokens from the table, or more, are refused. */
  refused: { needed: number; until: number } | undefined;
}

export class RateLimiter {
  readonly #ports: RateLimiterPorts;
  readonly #limits: RateLimits;
  readonly #held = new Map<string, Held>();

  constructor(limits: RateLimits, ports: RateLimiterPorts) {
    this.#limits = limits;
    this.#ports = ports;
  }

  /** Takes the tokens of one request; returns when to try again if the bucket lacks them. */
  async take(partition: string, weight: number): Promise<TooFast | undefined> {
    const now = this.#ports.clock.now();
    const limit = this.#limitOf(partition);
    const held = this.#heldOf(partition, now);
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

  /** Takes at least `needed` tokens from the table; returns until when there are not so many. */
  async #refill(partition: string, held: Held, needed: number): Promise<number | undefined> {
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
      // Open, not closed: whatever the request does next needs the same table (docs/decisions/0019).
      log.warn('the rate of a partition was not checked', { partition, error });
      held.tokens += needed;
      return undefined;
    }
  }

  #limitOf(partition: string): RateLimit {
    const { partitions } = this.#limits;
    return (Object.hasOwn(partitions, partition) ? partitions[partition] : undefined) ?? this.#limits;
  }

  #heldOf(partition: string, now: number): Held {
    const known = this.#held.get(partition);
    if (known !== undefined && now < known.heldUntil) return known;
    const { fullAt = 0, refused } = known ?? {};
    const held = { tokens: 0, heldUntil: now + HELD_MILLIS, block: nextBlock(known, now), fullAt, refused };
    this.#held.delete(partition);
    this.#held.set(partition, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_PARTITIONS && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }
}

/** Smaller by half for each time that tokens were held in vain. */
function nextBlock(held: Held | undefined, now: number): number {
  if (held === undefined) return 1;
  const idle = 1 + (now - held.heldUntil) / HELD_MILLIS;
  return Math.max(1, Math.floor(held.block / 2 ** idle));
}

function isRefused({ refused }: Held, needed: number, now: number): boolean {
  return refused !== undefined && refused.needed <= needed && now < refused.until;
}

function refuse(
  held: Held,
  { limit, needed, now }: { limit: RateLimit; needed: number; now: number },
): number {
  // Never longer than it takes to fill the bucket: what comes back then would be lost.
  const pause = Math.min(PAUSE_MILLIS, refillMillis(limit, limit.burst));
  const until = Math.max(availableAt(limit, needed, held.fullAt), now + pause);
  held.refused = { needed, until };
  return until;
}

function largestBlock({ burst }: RateLimit): number {
  return Math.max(1, Math.min(MAX_BLOCK, Math.floor(burst / 10)));
}

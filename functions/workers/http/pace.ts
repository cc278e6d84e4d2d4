import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#core/ports.ts';

/** Maximum number of tracked origins. The oldest is removed first. */
const MAX_ORIGINS = 100;

/** Limits the rate of requests to each origin, evenly spread. */
export class Pace {
  readonly #next = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wait(origin: string, ratePerSecond: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const turn = Math.max(now, this.#next.get(origin) ?? now);
    this.#next.delete(origin);
    this.#next.set(origin, turn + 1000 / ratePerSecond);
    const oldest = this.#next.keys().next();
    if (this.#next.size > MAX_ORIGINS && oldest.done !== true) this.#next.delete(oldest.value);
    if (turn > now) await sleep(turn - now, undefined, { signal });
  }
}

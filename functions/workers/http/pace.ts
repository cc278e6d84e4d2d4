import { setTimeout as sleep } from 'node:timers/promises';
import { BoundedMap } from '#core/bounded-map.ts';
import type { Clock } from '#core/ports.ts';

/** Maximum number of tracked origins. The oldest is removed first. */
const MAX_ORIGINS = 100;

/** Limits the rate of requests to each origin, evenly spread. */
export class Pace {
  readonly #next = new BoundedMap<string, number>(MAX_ORIGINS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wait(origin: string, ratePerSecond: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const turn = Math.max(now, this.#next.get(origin) ?? now);
    this.#next.setNewest(origin, turn + 1000 / ratePerSecond);
    if (turn > now) await sleep(turn - now, undefined, { signal });
  }
}

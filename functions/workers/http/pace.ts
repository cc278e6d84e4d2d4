import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#core/ports.ts';

/** Maximum number of tracked origins. The oldest is removed first. */
const MAX_PLACES = 100;

/** Limits the rate of requests to each origin, evenly spread. */
export class Pace {
  readonly #next = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wait(place: string, ratePerSecond: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const turn = Math.max(now, this.#next.get(place) ?? now);
    this.#next.delete(place);
    this.#next.set(place, turn + 1000 / ratePerSecond);
    const oldest = this.#next.keys().next();
    if (this.#next.size > MAX_PLACES && oldest.done !== true) this.#next.delete(oldest.value);
    if (turn > now) await sleep(turn - now, undefined, { signal });
  }
}

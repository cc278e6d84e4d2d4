import type { Clock } from '#core/ports.ts';
import type { QueueDepth, QueueDesk } from '#core/queue-desk.ts';

/** SQS counts messages late, and a deployment has two requests for each queue. */
const FRESH_MILLIS = 10_000;

/** Depths of the queues, read at most every 10 seconds by one instance of the API. */
export class RecentDepths {
  readonly #desk: QueueDesk;
  readonly #clock: Clock;
  #latest: { readonly readAt: number; readonly depths: Promise<readonly QueueDepth[]> } | undefined;

  constructor(desk: QueueDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
  }

  async read(): Promise<readonly QueueDepth[]> {
    const now = this.#clock.now();
    if (this.#latest === undefined || now - this.#latest.readAt >= FRESH_MILLIS) {
      this.#latest = { readAt: now, depths: this.#desk.depths() };
    }
    try {
      return await this.#latest.depths;
    } catch (error) {
      this.#latest = undefined;
      throw error;
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 5;
const FIRST_PAUSE_MILLIS = 20;

/**
 * Retries a request that conflicted with a concurrent one. The SDK retries throttling and broken connections,
 * but not these refusals. Waits up to 20, 40, 80 and 160 ms; the random delays separate the conflicting
 * requests.
 */
export async function retryWhen<T>(
  isConflict: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES || !isConflict(error)) throw error;
      await sleep(Math.random() * FIRST_PAUSE_MILLIS * 2 ** (tries - 1));
    }
  }
}

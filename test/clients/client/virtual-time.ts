import { vi } from 'vitest';

/** Replaces the timers of this process. Tests wait without time passing. */
export function useVirtualTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
}

const STEP_MILLIS = 50;

/** Advances the timers until the promise settles. */
export async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  let result: PromiseSettledResult<T> | undefined;
  const observed = Promise.allSettled([promise]).then(([only]) => {
    result = only;
  });
  while (result === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(STEP_MILLIS);
  }
  await observed;
  return result;
}

/** The value of a promise that is fulfilled with virtual time. */
export async function inVirtualTime<T>(promise: Promise<T>): Promise<T> {
  const result = await settled(promise);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** The error of a promise that is rejected with virtual time. */
export async function errorInVirtualTime(promise: Promise<unknown>): Promise<unknown> {
  const result = await settled(promise);
  if (result.status === 'fulfilled') throw new Error(`expected an error: ${JSON.stringify(result.value)}`);
  return result.reason;
}

import { expect, test } from 'vitest';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { withRetries } from '../../functions/sources/web-failures.ts';
import { VirtualClock } from '../support/memory/world.ts';

test('a retryable failure is repeated after 1 and 5 seconds of the clock', async () => {
  const clock = new VirtualClock();
  const times: number[] = [];

  const requests = withRetries(clock, async () => {
    times.push(clock.now());
    throw new RetryableFailure('web-unavailable', 'busy');
  });

  await expect(requests).rejects.toThrow('busy');
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 1_000, 6_000]);
});

test('a permanent failure is not repeated', async () => {
  let tries = 0;

  const request = withRetries(new VirtualClock(), async () => {
    tries += 1;
    throw new PermanentFailure('source-forbidden', 'no');
  });

  await expect(request).rejects.toThrow('no');
  expect(tries).toBe(1);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table, Write } from '#core/ports.ts';
import { RateLimiter } from '../../../functions/jobs-api/rate-limiter.ts';
import { memoryWorld } from '../../support/memory/world.ts';

const LIMITS = { requestsPerSecond: 20, burst: 40, partitions: {} };

/** Several instances over one table, and how often the table was written. */
function instances(count: number, limits = LIMITS, tampered?: (write: Write) => Write) {
  const world = memoryWorld();
  let writes = 0;
  const table: Table = {
    get: (...inputs) => world.table.get(...inputs),
    query: (...inputs) => world.table.query(...inputs),
    transact: (...inputs) => world.table.transact(...inputs),
    write: (write, returns) => {
      writes += 1;
      return world.table.write(tampered === undefined ? write : tampered(write), returns);
    },
  };
  const limiters = Array.from({ length: count }, () => new RateLimiter(limits, { ...world, table }));
  return { ...world, limiters, writes: () => writes };
}

const step = fc.record({
  instance: fc.nat(3),
  waitMillis: fc.oneof(fc.constant(0), fc.nat(50), fc.nat(3_000)),
  weight: fc.constantFrom(1, 1, 1, 2, 10),
});
const schedule = fc.array(step, { minLength: 100, maxLength: 400 });

type Schedule = readonly { instance: number; waitMillis: number; weight: number }[];

/** The most that was ever granted beyond what a bucket allows, in tokens; 0 or less is right. */
async function surplusOf(steps: Schedule, tampered?: (write: Write) => Write): Promise<number> {
  const { clock, limiters } = instances(4, LIMITS, tampered);
  const start = clock.now();
  let granted = 0;
  let surplus = Number.NEGATIVE_INFINITY;
  for (const { instance, waitMillis, weight } of steps) {
    clock.advance(waitMillis);
    const refused = await limiters[instance]?.take('p1', weight);
    if (refused === undefined) granted += weight;
    const allowed = LIMITS.burst + ((clock.now() - start) * LIMITS.requestsPerSecond) / 1000;
    surplus = Math.max(surplus, granted - allowed);
  }
  return surplus;
}

describe('instances that share a bucket', () => {
  test('never let more through than the bucket holds', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        expect(await surplusOf(steps)).toBeLessThanOrEqual(0.001);
      }),
      { numRuns: 200, seed: 10 },
    );
  });

  test.each<[string, (write: Write) => Write]>([
    ['without any condition', ({ ...write }) => ({ ...write, when: [] }) as Write],
    [
      'that does not look whether the bucket has tokens',
      (write) =>
        write.kind === 'update' && write.change.add !== undefined
          ? { ...write, when: write.when?.filter((one) => !('is' in one) || one.is !== 'atMost') ?? [] }
          : write,
    ],
    [
      'that resets a bucket although it is not full',
      (write) => (write.kind === 'update' && write.change.add === undefined ? { ...write, when: [] } : write),
    ],
  ])('a store %s is noticed', async (_, tampered) => {
    const burst = Array.from({ length: 300 }, (__, number) => ({
      instance: number % 4,
      waitMillis: 1,
      weight: 1,
    }));

    expect(await surplusOf(burst, tampered)).toBeGreaterThan(1);
    expect(await surplusOf(burst)).toBeLessThanOrEqual(0.001);
  });

  test('serve every caller that waits for the returned time', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        const { clock, limiters } = instances(4);
        for (const { instance, waitMillis, weight } of steps) {
          clock.advance(waitMillis);
          const refused = await limiters[instance]?.take('p1', weight);
          if (refused === undefined) continue;
          expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          expect(Number.isInteger(refused.retryAfterSeconds)).toBe(true);
          clock.advance(refused.retryAfterSeconds * 1000);
          expect(await limiters[instance]?.take('p1', weight)).toBeUndefined();
        }
      }),
      { numRuns: 50, seed: 10 },
    );
  });

  test('use the whole rate under load', async () => {
    const { clock, limiters } = instances(4);
    let granted = 0;
    for (let millis = 0; millis < 60_000; millis += 10) {
      clock.advance(10);
      if ((await limiters[(millis / 10) % 4]?.take('p1', 1)) === undefined) granted += 1;
    }

    const allowed = LIMITS.burst + 60 * LIMITS.requestsPerSecond;
    expect(granted).toBeLessThanOrEqual(allowed);
    expect(granted).toBeGreaterThan(0.9 * allowed);
  });
});

describe('writes of the table', () => {
  const limits = { requestsPerSecond: 100, burst: 500, partitions: {} };

  test.each([
    ['50 requests a second', 20, 1],
    ['50 requests a second on 4 instances', 20, 4],
    ['1 request a second', 1_000, 1],
    ['ten times the rate', 1, 1],
    ['ten times the rate on 4 instances', 1, 4],
  ])('are at most one for ten requests: %s', async (_, everyMillis, count) => {
    const { clock, limiters, writes } = instances(count, limits);
    const requests = 3_000;
    for (let sent = 0; sent < requests; sent += 1) {
      clock.advance(everyMillis);
      await limiters[sent % count]?.take('p1', 1);
    }

    // The first blocks are small.
    expect(writes()).toBeLessThanOrEqual(requests / 10 + 5 * count);
  });

  test('are one for the first request of each instance, so that many instances do not take too many', async () => {
    const { limiters, table } = instances(100, limits);

    for (const limiter of limiters) expect(await limiter.take('p1', 1)).toBeUndefined();

    const [row] = [...table.rows()];
    expect(row).toMatchObject({ pk: 'P#p1', sk: 'RATE' });
    expect(Number(row?.['fullAt'])).toBe(instances(1).clock.now() + 1_000);
  });
});

test('a failing store allows requests, and the failure is logged', async () => {
  const { limiters, log } = instances(1, LIMITS, () => {
    throw new Error('throttled');
  });

  for (let sent = 0; sent < 100; sent += 1) expect(await limiters[0]?.take('p1', 1)).toBeUndefined();

  expect(log.messages('warn')[0]).toBe('the rate of a partition was not checked');
});

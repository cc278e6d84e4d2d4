import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { type ApiWorld, apiWorld, BODY, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const SMALL = { requestsPerSecond: 2, burst: 10 };
const rateLimits = { ...SMALL, partitions: { large: { requestsPerSecond: 2, burst: 50 } } };
const everywhere = token({ partitions: ['*'] });

/** Sends until one is refused; returns how many were not. */
async function sent(world: ApiWorld, path: string, options: { method?: string; token?: string } = {}) {
  const { method = 'GET', token: sender = everywhere } = options;
  for (let count = 0; ; count += 1) {
    const answer = await world.call(method, path, { token: sender });
    if (answer.status === 429) return { count, ...answer };
    if (count > 200) throw new Error('nothing was refused');
  }
}

describe('the rate of a partition', () => {
  test('ends in a 429 with the limit and the time of the next attempt', async () => {
    const world = apiWorld({ rateLimits });

    const { count, headers, body } = await sent(world, JOBS);

    expect(count).toBe(10);
    expect(headers).toMatchObject({ 'Retry-After': '1', 'Content-Type': 'application/problem+json' });
    expect(body).toMatchObject({
      status: 429,
      code: 'rate-limited',
      title: 'The partition sends too many requests',
    });
    expect(body.detail).toBe(
      "partition 'p1' exceeded its limit of 2 requests per second, 10 at once. " +
        'Try again in 1 s and send fewer requests, or ask the operator to raise rateLimits of the stack',
    );
  });

  test('refills over time', async () => {
    const world = apiWorld({ rateLimits });
    await sent(world, JOBS);

    world.clock.advance(1_000);
    const second = await sent(world, JOBS);
    world.clock.advance(60_000);
    const full = await sent(world, JOBS);

    expect([second.count, full.count]).toEqual([2, 10]);
  });

  test('is that of one partition only, and may be another one', async () => {
    const world = apiWorld({ rateLimits });

    const counts = [];
    for (const partition of ['p1', 'p2', 'large', 'constructor'])
      counts.push((await sent(world, `/partitions/${partition}/jobs`)).count);

    expect(counts).toEqual([10, 10, 50, 10]);
  });

  test('is not used up by requests that are refused for their token, partition, role or path', async () => {
    const world = apiWorld({ rateLimits });
    for (let number = 0; number < 50; number += 1) {
      await world.call('GET', JOBS, { token: 'wrong' });
      await world.call('GET', JOBS, { token: token({ partitions: ['p2'] }) });
      await world.call('POST', JOBS, { token: token({ role: 'viewer' }), body: BODY });
      await world.call('DELETE', JOBS);
    }

    expect((await sent(world, JOBS)).count).toBe(10);
  });

  test('counts creations twice, and requests that scan the partition ten times', async () => {
    const of = async (method: string, path: string) =>
      (await sent(apiWorld({ rateLimits }), path, { method })).count;

    expect(await of('PUT', `${JOBS}/j1`)).toBe(5);
    expect(await of('POST', `${JOBS}:cancel`)).toBe(1);
    expect(await of('GET', '/partitions/p1/jobStats')).toBe(1);
    const { body } = await sent(apiWorld({ rateLimits }), `${JOBS}:cancel`, { method: 'POST' });
    expect(body.detail).toContain('this request counts as 10. Try again in 5 s');
  });

  test('counts requests without a partition for the first one of the token', async () => {
    const world = apiWorld({ rateLimits });

    const own = await sent(world, '/splitters', { token: token({ partitions: ['p1', 'p2'] }) });
    const all = await sent(world, '/splitters');
    const jobs = await sent(world, JOBS);

    expect([own.count, all.count, jobs.count]).toEqual([10, 10, 0]);
    expect(all.body.detail).toContain("partition '*' exceeded its limit");
  });

  test('leaves health, the OpenAPI document and the ping of CAF clients alone', async () => {
    const world = apiWorld({ rateLimits });
    await sent(world, JOBS);
    await sent(world, '/splitters');

    for (let number = 0; number < 30; number += 1) {
      const open = await Promise.all(
        ['/health', '/openapi.json', '/caf/ping'].map((path) =>
          world.call('GET', path, { token: everywhere }),
        ),
      );
      expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
  });

  test('holds for CAF clients, who share it', async () => {
    const world = apiWorld({ rateLimits });

    await sent(world, `/caf${JOBS}`);

    expect((await sent(world, JOBS)).count).toBe(0);
  });

  test('cannot be changed by those whom it limits', async () => {
    const { status } = await apiWorld({ rateLimits }).call('PUT', '/partitions/p1', {
      token: token({ role: 'admin' }),
      body: { rateLimits: { requestsPerSecond: 1_000 } },
    });

    expect(status).toBe(400);
  });

  test('is not enforced while the table is unreachable, because every other request fails then too', async () => {
    const broken = apiWorld({ rateLimits, table: new Proxy({}, { get: () => failing }) as never });

    const statuses = [];
    for (let number = 0; number < 20; number += 1) statuses.push((await broken.call('GET', JOBS)).status);

    expect(new Set(statuses)).toEqual(new Set([503]));
  });
});

async function failing(): Promise<never> {
  throw new Error('unreachable');
}

test('every route that takes a token counts for something, but the ping', () => {
  const free = ALL_ROUTES.filter(({ role, weight }) => role !== 'open' && weight === 0);

  expect(free.map(({ path }) => path)).toEqual(['/caf/ping']);
});

import { describe, expect, inject, test } from 'vitest';
import { call, freshPartition } from './rest.ts';
import { PAGE_ORIGIN, SLOW_PARTITION } from './setup.ts';

const isOwnService = inject('endpoint') !== '';

describe.skipIf(!isOwnService)('a partition that sends too many requests', () => {
  test('gets 429 until it has waited for the time in Retry-After', async () => {
    const path = `/partitions/${SLOW_PARTITION}/jobs`;

    const lane = async () => [await call('GET', path), await call('GET', path), await call('GET', path)];
    const burst = (await Promise.all(Array.from({ length: 8 }, lane))).flat();

    const refused = burst.filter(({ status }) => status === 429);
    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([200, 429]));
    // The token bucket allows 10 requests, and one more for every ten seconds of the burst.
    expect(burst.length - refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.body).toMatchObject({
      code: 'rate-limited',
      detail: expect.stringContaining(
        "partition 'slow' exceeded its limit of 0.1 requests per second, 10 at once",
      ),
    });
    const seconds = refused.map(({ headers }) => Number(headers.get('retry-after')));
    expect(seconds.every((wait) => Number.isInteger(wait) && wait >= 1)).toBe(true);

    await new Promise((resolve) => setTimeout(resolve, 1000 * Math.max(...seconds)));

    expect((await call('GET', path)).status).toBe(200);
    expect((await call('GET', `/partitions/${freshPartition()}/jobs`)).status).toBe(200);
    expect((await call('GET', '/health')).status).toBe(200);
  });
});

describe.skipIf(!isOwnService)('a page of another origin', () => {
  const ask = (origin: string, method: string, headers: Record<string, string> = {}) =>
    fetch(`${inject('url')}/partitions/${encodeURIComponent(freshPartition())}/jobs/none`, {
      method,
      headers: { origin, ...headers },
    });

  test('may call the API and read its errors if its origin is allowed', async () => {
    const preflight = await ask(PAGE_ORIGIN, 'OPTIONS', {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization,content-type',
    });
    const refused = await ask(PAGE_ORIGIN, 'GET');

    expect([preflight.ok, refused.status]).toEqual([true, 401]);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    for (const { headers } of [preflight, refused]) {
      expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN);
    }
  });

  test('may not if it is another origin', async () => {
    const { headers } = await ask('https://evil.example.com', 'GET');

    expect(headers.get('access-control-allow-origin')).not.toBe('https://evil.example.com');
  });
});

describe('an upload', () => {
  const upload = async (sizeBytes: number) =>
    call('POST', `/partitions/${encodeURIComponent(freshPartition())}/uploads`, { body: { sizeBytes } });

  test('of the requested size is accepted', async () => {
    const { body } = await upload(5);

    const { status } = await fetch(body.url, { method: body.method, headers: body.headers, body: 'hello' });

    expect(status).toBe(200);
  });

  test.each(['hello, world', 'hell'])('of another size is refused: %s', async (text) => {
    const { body } = await upload(5);
    const { 'Content-Length': _, ...headers } = body.headers;

    const sent = await fetch(body.url, { method: body.method, headers, body: text });

    expect(sent.status).toBe(403);
  });

  test('that could not be sent in one request is refused at once', async () => {
    const { status, body } = await upload(5 * 1024 ** 3 + 1);

    expect([status, body.code]).toEqual([413, 'too-large']);
  });
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { LocalRefusal } from '../../../localstack/local-refusal.ts';
import { JobApi, nextCursor, problemReason } from '../../../localstack/sample/job-api.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('JobApi', () => {
  test('reads all pages of items with its token', async () => {
    const seen: (string | undefined)[] = [];
    const api = await apiOver((request, response) => {
      seen.push(request.url, request.headers.authorization);
      const isFirst = !request.url?.includes('cursor=');
      if (isFirst)
        response.setHeader('link', '<https://elsewhere/v1/items?cursor=c%2B1&limit=1000>; rel="next"');
      response.end(JSON.stringify([{ id: isFirst ? 'one' : 'two', outcome: 'succeeded' }]));
    });

    const items = await api.items('a b');

    expect(items.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(seen).toEqual([
      '/v1/partitions/demo/jobs/a%20b/items?limit=1000',
      'Bearer t0',
      '/v1/partitions/demo/jobs/a%20b/items?limit=1000&cursor=c%2B1',
      'Bearer t0',
    ]);
  });

  test("turns a problem into a sentence with the API's reason", async () => {
    const api = await apiOver((_, response) => {
      response.statusCode = 400;
      response.end(
        JSON.stringify({
          title: 'Bad',
          detail: 'no splitter s4',
          errors: [{ pointer: '/batch', detail: 'unknown' }],
        }),
      );
    });

    const creating = api.create('a1', {});

    await expect(creating).rejects.toThrow(LocalRefusal);
    await expect(creating).rejects.toThrow(/was refused with 400: no splitter s4; \/batch: unknown\./);
  });

  test('reports that the API does not respond', async () => {
    const api = await apiOver(() => undefined);
    server?.close();
    server?.closeAllConnections();

    await expect(api.read('a1')).rejects.toThrow(/got no response .*npm run local -- status/);
  });
});

describe('nextCursor', () => {
  test('finds the next page among other links', () => {
    expect(nextCursor('<?cursor=a>; rel="prev", <?cursor=b>; rel="next"')).toBe('b');
    expect(nextCursor('<?cursor=a>; rel="prev"')).toBeUndefined();
    expect(nextCursor(null)).toBeUndefined();
  });
});

describe('problemReason', () => {
  test('falls back to the available text', () => {
    expect(problemReason('{"message":"Forbidden"}')).toBe('Forbidden');
    expect(problemReason('<html>')).toBe('<html>');
    expect(problemReason('')).toBe('no reason given');
  });
});

async function apiOver(listener: RequestListener): Promise<JobApi> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return new JobApi({ base: `http://127.0.0.1:${port}/v1`, token: 't0', partition: 'demo' });
}

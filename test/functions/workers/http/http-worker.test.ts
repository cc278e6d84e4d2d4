import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { parseJson } from '#core/json/parse-json.ts';
import { checkBy } from '#core/schema.ts';
import { systemClock } from '../../../../functions/aws/runtime.ts';
import { guardedWeb } from '../../../../functions/aws/web.ts';
import { httpWorker } from '../../../../functions/workers/http/http-worker.ts';
import { httpParameters } from '../../../../functions/workers/http/parameters.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../../../support/chunks.ts';
import type { World } from '../../../support/memory/world.ts';
import { reportedOutcomes } from '../../../support/outcomes.ts';
import { type WebServer, webServer } from '../../../support/web-server.ts';

const item = { id: 'a/1', payload: { name: 'Ada & Co', n: 3, tags: ['x', 'y'], up: '..' } };

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function aServer(answer: (response: ServerResponse, path: string) => unknown) {
  const server = await webServer(({ path }, response) => {
    answer(response, path);
  });
  servers.push(server);
  return server;
}

async function posted(parameters: Record<string, unknown>, world: World = memoryWorld(), items = [item]) {
  const allowed = { partner: { arn: 'arn:partner', origins: [new URL(String(parameters['url'])).origin] } };
  const worker = httpWorker({
    clock: systemClock,
    readSecret: async (arn) => (arn === 'arn:partner' ? '{"Authorization":"Bearer secret"}' : 'not for jobs'),
    allowedSecrets: () => ({
      ...allowed,
      elsewhere: { arn: 'arn:other', origins: ['https://other.example'] },
    }),
  });
  await workerOn(world, { ...worker, name: 'work' })([aRecord(aChunk({ items, parameters }))]);
  const [record] = (await reportedOutcomes(world)) ?? [];
  return { world, record };
}

describe('a request', () => {
  test('contains the item as JSON, and the response becomes the output', async () => {
    const server = await aServer((response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"stored":true}');
    });

    const { record } = await posted({ url: `${server.url}/in` });

    expect(record).toMatchObject({ outcome: 'succeeded', output: { status: 201, body: { stored: true } } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/in' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ id: item.id, payload: item.payload });
  });

  test('is filled from templates', async () => {
    const server = await aServer((response) => response.end('ok'));
    const url = `${server.url}/{item.id}?who={item.payload.name}&tag={item.payload.tags.1}&all={item.payload.tags}`;

    const { record } = await posted({
      url,
      method: 'PUT',
      headers: { 'X-Kind': 'test' },
      body: { count: '{item.payload.n}', text: 'n={item.payload.n}', deep: [{ who: '{item.payload.name}' }] },
    });

    const [request] = server.requests;
    expect(request?.path).toBe('/a%2F1?who=Ada%20%26%20Co&tag=y&all=%5B%22x%22%2C%22y%22%5D');
    expect(request?.headers['x-kind']).toBe('test');
    expect(JSON.parse(request?.body ?? '')).toEqual({ count: 3, text: 'n=3', deep: [{ who: 'Ada & Co' }] });
    expect(record?.output).toEqual({ status: 200, body: 'ok' });
  });

  test('has no body for methods without one, and the same key on every attempt', async () => {
    const server = await aServer((response) => response.writeHead(503).end());

    const { world } = await posted({ url: server.url, method: 'GET', body: 'ignored' });
    await posted({ url: server.url, method: 'GET' }, world);

    expect(server.requests.map(({ body }) => body)).toEqual(['', '']);
    expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  test.for([
    [{ url: 'http://127.0.0.1:9/{item.payload.none}' }, 'missing-field', /item.payload.none/],
    [{ url: 'http://127.0.0.1:9/x/{item.payload.up}/y' }, 'unsafe-value', /'\.\.'/],
    [{ url: 'http://127.0.0.1:9/', secret: 'none' }, 'secret-forbidden', /allowed: partner, elsewhere/],
    [{ url: 'http://127.0.0.1:9/', secret: 'toString' }, 'secret-forbidden', /is not allowed/],
    [
      { url: 'http://127.0.0.1:9/', secret: 'elsewhere' },
      'secret-forbidden',
      /to https:\/\/other.example, not to/,
    ],
  ] as const)('%j fails before it is sent: %s', async ([parameters, code, message]) => {
    const { record } = await posted(parameters);

    expect(record?.failure).toMatchObject({
      code,
      failureMessage: expect.stringMatching(message),
      attempts: 1,
    });
  });

  test('contains the headers of a secret that is allowed for its origin', async () => {
    const server = await aServer((response) => response.end());

    const { record } = await posted({
      url: server.url,
      secret: 'partner',
      headers: { authorization: 'none' },
    });

    expect(server.requests[0]?.headers['authorization']).toBe('Bearer secret');
    expect(JSON.stringify(record)).not.toContain('Bearer');
  });

  test('does not reach private addresses', async () => {
    const server = await aServer((response) => response.end());

    const { record } = await posted({ url: server.url }, { ...memoryWorld(), web: guardedWeb({}) });

    expect(record?.failure?.code).toBe('source-forbidden');
    expect(server.requests).toEqual([]);
  });
});

describe('a response', () => {
  test.for([400, 401, 404, 409, 422, 301, 304, 501, 505])(
    '%i fails the item permanently, with its reason',
    async (status) => {
      const server = await aServer((response) => {
        response.writeHead(status, { location: '/elsewhere' }).end(status === 304 ? '' : 'no  such\nthing');
      });

      const { record } = await posted({ url: server.url });

      expect(record).toMatchObject({
        outcome: 'failed',
        attempts: 1,
        failure: {
          code: `http-${status}`,
          failureMessage: expect.stringMatching(status === 304 ? /304/ : /no such thing/),
        },
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  test.for([408, 425, 429, 500, 502, 503, 504])(
    '%i retries the item after the delay that the server requests',
    async (status) => {
      const server = await aServer((response) => response.writeHead(status, { 'retry-after': '77' }).end());

      const { world, record } = await posted({ url: server.url });

      expect(record).toBeUndefined();
      world.clock.advance(76_000);
      expect(world.queues.receive('worker:work', 10)).toEqual([]);
      expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ id: item.id, tries: 1 }] }]);
    },
  );

  test('that times out causes a retry', async () => {
    const server = await aServer(() => undefined);

    const { world } = await posted({ url: server.url, timeoutSeconds: 1 });

    expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ tries: 1 }] }]);
  });

  test('is stored as a part, or only its status is kept', async () => {
    const server = await aServer((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b');
    });

    const part = await posted({ url: server.url, keep: 'part' });
    const status = await posted({ url: server.url, keep: 'status' });

    expect(part.record).toMatchObject({
      output: { status: 200 },
      parts: [{ type: 'META', filename: 'answer', mimeType: 'text/csv', sizeBytes: 3 }],
    });
    expect(status.record?.output).toEqual({ status: 200 });
    expect(status.record?.parts).toBeUndefined();
  });

  test('above the size limit fails the item, unless only the status is kept', async () => {
    const server = await aServer((response) => response.end('0123456789'));

    const kept = await posted({ url: server.url, maxAnswerBytes: 9 });
    const dropped = await posted({ url: server.url, maxAnswerBytes: 9, keep: 'status' });

    expect(kept.record?.failure).toMatchObject({ code: 'answer-too-large' });
    expect(dropped.record?.output).toEqual({ status: 200 });
  });

  test('keeps every digit of its numbers, as the item does in the request', async () => {
    const exact = parseJson('{"id":9007199254740993,"n":1.123456789012345678}');
    const answers = ['{"n":12345678901234567891}'];
    const server = await aServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answers[0]);
    });

    const { record } = await posted(
      {
        url: `${server.url}/{item.payload.id}`,
        body: { n: '{item.payload.n}', text: 'n={item.payload.n}' },
      },
      memoryWorld(),
      [{ id: 'a', payload: exact }] as never,
    );

    expect(server.requests[0]?.path).toBe('/9007199254740993');
    expect(server.requests[0]?.body).toBe('{"n":1.123456789012345678,"text":"n=1.123456789012345678"}');
    expect(JSON.stringify(record?.output)).toBe('{"status":200,"body":{"n":12345678901234567891}}');
  });

  test('is decoded by its Content-Encoding and charset', async () => {
    const server = await aServer((response) => {
      const type = 'application/json; charset=iso-8859-1';
      const headers = { 'content-type': type, 'content-encoding': 'gzip' };
      response.writeHead(200, headers).end(gzipSync(Buffer.from('{"name":"Größe"}', 'latin1')));
    });

    const output = await posted({ url: server.url });
    const part = await posted({ url: server.url, keep: 'part' });

    expect(output.record?.output).toEqual({ status: 200, body: { name: 'Größe' } });
    expect(part.record?.parts).toMatchObject([{ sizeBytes: 16 }]);
  });

  test('that is not text fails with the byte, unless it is kept as a part', async () => {
    const server = await aServer((response) => response.end(Buffer.from([0x61, 0xff, 0x62])));

    const output = await posted({ url: server.url });
    const part = await posted({ url: server.url, keep: 'part' });
    const status = await posted({ url: server.url, keep: 'status' });

    expect(output.record).toMatchObject({
      attempts: 1,
      failure: {
        code: 'answer-unreadable',
        failureMessage: expect.stringMatching(/not valid UTF-8 at byte 1/),
      },
    });
    expect(part.record?.parts).toMatchObject([{ sizeBytes: 3 }]);
    expect(status.record?.output).toEqual({ status: 200 });
  });

  test('with invalid JSON is kept as text', async () => {
    const server = await aServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{oops');
    });

    expect((await posted({ url: server.url })).record?.output).toEqual({ status: 200, body: '{oops' });
  });
});

test('requests stay within the rate limit', async () => {
  const starts: number[] = [];
  const server = await aServer((response) => {
    starts.push(performance.now());
    response.end();
  });
  const items = Array.from({ length: 5 }, (_, i) => ({ ...item, id: String(i) }));

  await posted({ url: server.url, ratePerSecond: 20 }, memoryWorld(), items);

  expect(starts).toHaveLength(5);
  // Four pauses of 50 ms between the first and the last.
  expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(180);
});

test.for([
  { url: 'ftp://example.com/' },
  { url: 'https://{item.id}/' },
  { url: 'https://{item.id}.example.com/' },
  { url: 'https://example.com/', headers: { Host: 'x' } },
  { url: 'https://example.com/', headers: { 'a b': 'x' } },
  { url: 'https://example.com/', headers: { a: 'x\r\nb: y' } },
  { url: 'https://example.com/', method: 'TRACE' },
])('parameters %j are refused', (parameters) => {
  expect(checkBy(httpParameters, parameters).ok).toBe(false);
});

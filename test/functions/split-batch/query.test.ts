import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Item } from '#core/item.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { memoryService } from '../../support/memory-service.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Page = { status?: number; body: unknown };
type SplitOptions = { isSplittingOver?: () => boolean; itemsPerTask?: number };

function split(
  answer: (request: { path: string; body: string }, url: string) => Page | undefined,
  definition: (url: string) => Record<string, unknown>,
  options: SplitOptions = {},
) {
  return splitPages(
    (request, response, url) => {
      const page = answer(request, url);
      if (page !== undefined) response.writeHead(page.status ?? 200).end(JSON.stringify(page.body));
    },
    definition,
    options,
  );
}

function splitBytes(headers: Record<string, string>, bytes: Uint8Array) {
  return splitPages(
    (_request, response) => response.writeHead(200, headers).end(bytes),
    () => ({ idPath: 'id' }),
  );
}

async function splitPages(
  respond: (request: { path: string; body: string }, response: ServerResponse, url: string) => void,
  definition: (url: string) => Record<string, unknown>,
  options: SplitOptions = {},
) {
  const items: Item[] = [];
  const { itemsPerTask = 25, ...rest } = options;
  const server: WebServer = await webServer((request, response) => respond(request, response, server.url));
  servers.push(server);
  const seen = defineWorker({ name: 'seen', parameters: z.unknown(), run: (item) => void items.push(item) });
  const service = memoryService({ workers: [seen], ...rest });
  await service.submit(
    { splitter: 'query', worker: 'seen', itemsPerTask },
    { definition: { url: server.url, ...definition(server.url) } },
  );
  await service.drain();
  const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
  return { items, server, job: (await service.view())?.job, failure: rows[0] };
}

const ALL = Array.from({ length: 95 }, (_, i) => ({ key: `k${i}`, n: i }));

/** Ten entries a page, and where the next ones begin. */
function pageAt(start: number): Page {
  const next = start + 10 < ALL.length ? `c${start + 10}` : null;
  return { body: { data: { rows: ALL.slice(start, start + 10) }, meta: { next } } };
}

const PATHS = { itemsPath: 'data.rows', idPath: 'key', cursorPath: 'meta.next' };
const KEYS = ALL.map(({ key }) => key);

describe('pages', () => {
  test('follow a cursor in the query', async () => {
    const { items, server, job } = await split(
      ({ path }) => pageAt(Number(/after=c(\d+)/.exec(path)?.[1] ?? 0)),
      (url) => ({
        url: `${url}/list?size=10`,
        cursorParameter: 'after',
        headers: { 'X-Key': 'k' },
        ...PATHS,
      }),
    );

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 95 } });
    expect(items.map(({ id }) => id)).toEqual(KEYS);
    expect(items[7]?.payload).toEqual({ key: 'k7', n: 7 });
    expect(server.requests[1]).toMatchObject({ method: 'GET', path: '/list?size=10&after=c10' });
    expect(server.requests[1]?.headers).toMatchObject({ 'x-key': 'k', accept: 'application/json' });
  });

  test('follow a cursor in the body of a POST', async () => {
    const { items, server } = await split(
      ({ body }) => pageAt(Number(String(JSON.parse(body).after ?? 'c0').slice(1))),
      () => ({ method: 'POST', body: { size: 10 }, cursorParameter: 'after', ...PATHS }),
    );

    expect(items.map(({ id }) => id)).toEqual(KEYS);
    expect(server.requests.slice(0, 2).map(({ body }) => JSON.parse(body))).toEqual([
      { size: 10 },
      { size: 10, after: 'c10' },
    ]);
  });

  test('follow links, on the same server only', async () => {
    const links =
      (target: string) =>
      (request: { path: string }): Page => {
        const at = Number(/at=(\d+)/.exec(request.path)?.[1] ?? 0);
        return { body: { rows: [at], next: at < 3 ? `${target}?at=${at + 1}` : undefined } };
      };
    const definition = () => ({ itemsPath: 'rows', cursorPath: 'next' });

    const same = await split(links('/more'), definition);
    const other = await split(links('http://127.0.0.2:1/more'), definition);

    expect(same.items.map(({ id, payload }) => [id, payload])).toEqual([
      ['0', 0],
      ['1', 1],
      ['2', 2],
      ['3', 3],
    ]);
    expect(other.failure).toMatchObject({ code: 'source-forbidden' });
  });

  test('are requested once each, although splitting is interrupted after every one', async () => {
    const { items, server } = await split(
      ({ path }) => pageAt(Number(/after=c(\d+)/.exec(path)?.[1] ?? 0)),
      () => ({ cursorParameter: 'after', ...PATHS }),
      { isSplittingOver: () => true, itemsPerTask: 3 },
    );

    expect(items.map(({ id }) => id).sort()).toEqual(KEYS.toSorted());
    expect(server.requests).toHaveLength(10);
  });

  test('may be one list without anything around it', async () => {
    const { items } = await split(
      () => ({ body: ['a', 'b'] }),
      () => ({}),
    );

    expect(items.map(({ id, payload }) => [id, payload])).toEqual([
      ['0', 'a'],
      ['1', 'b'],
    ]);
  });
});

test('a request to a busy server is retried', async () => {
  let tries = 0;
  const { items } = await split(
    () => {
      tries += 1;
      return tries === 1 ? { status: 503, body: '' } : { body: [1] };
    },
    () => ({}),
  );

  expect([items.length, tries]).toEqual([1, 2]);
});

test('an entry without an id fails alone', async () => {
  const { job, failure } = await split(
    () => ({ body: [{ id: 'a' }, { id: null }, 'text'] }),
    () => ({ idPath: 'id' }),
  );

  expect(job?.totals).toMatchObject({ items: 3, failed: 2 });
  expect(failure?.['failureMessage']).toMatch(/has no id at 'id'/);
});

const FAULTS: [
  string,
  (request: { path: string }) => Page | undefined,
  Record<string, unknown>,
  string,
  RegExp,
][] = [
  ['a refusal', () => ({ status: 403, body: '' }), {}, 'http-403', /responded with status 403/],
  ['no list', () => ({ body: { rows: 1 } }), { itemsPath: 'rows' }, 'page-unreadable', /no list at 'rows'/],
  [
    'a cursor that is an object',
    () => ({ body: { rows: [1], next: { offset: 10 } } }),
    { itemsPath: 'rows', cursorPath: 'next', cursorParameter: 'c' },
    'page-unreadable',
    /has \{"offset":10\} at 'next'; a cursor is a string or a number/,
  ],
  [
    'a parameter for the cursor without its path',
    () => ({ body: { rows: [1], next: 'a' } }),
    { itemsPath: 'rows', cursorParameter: 'c' },
    'invalid-definition',
    /cursorParameter: requires cursorPath/,
  ],
  ['no JSON', () => undefined, { url: 'file' }, 'invalid-definition', /url/],
  [
    'cursors that go round in a circle',
    ({ path }) => ({ body: { rows: [1], next: path.endsWith('c=a') ? 'b' : 'a' } }),
    { itemsPath: 'rows', cursorPath: 'next', cursorParameter: 'c' },
    'cursor-repeated',
    /returned the same cursor twice/,
  ],
  [
    'a cursor that never changes',
    () => ({ body: { rows: [], next: 'x' } }),
    { itemsPath: 'rows', cursorPath: 'next', cursorParameter: 'c' },
    'cursor-repeated',
    /Check cursorPath/,
  ],
];

test.for(FAULTS)('%s fails the job', async ([, answer, definition, code, message]) => {
  const { job, failure } = await split(answer, () => definition);

  expect(job?.status).toBe('Failed');
  expect(failure).toMatchObject({ code, failureMessage: expect.stringMatching(message) });
});

test.for(['gzip', 'br', 'deflate'] as const)(
  'a page in %s and another charset is decoded',
  async (encoding) => {
    const encode = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }[encoding];
    const { items } = await splitBytes(
      { 'content-type': 'application/json; charset=windows-1252', 'content-encoding': encoding },
      encode(Buffer.from('[{"id":"Größe"}]', 'latin1')),
    );

    expect(items.map(({ id }) => id)).toEqual(['Größe']);
  },
);

test('a page that is not valid UTF-8 fails the job with the byte', async () => {
  const { job, failure } = await splitBytes({}, Buffer.from('[{"id":"Größe"}]', 'latin1'));

  expect(job?.status).toBe('Failed');
  expect(failure).toMatchObject({
    code: 'page-unreadable',
    failureMessage: expect.stringMatching(
      /is not valid UTF-8 at byte 10, and its Content-Type declares no charset/,
    ),
  });
});

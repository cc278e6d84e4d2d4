/** Numbers that a JavaScript number cannot hold, from their source to the API. */
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { memoryService } from '../support/memory-service.ts';
import { type WebServer, webServer } from '../support/web-server.ts';
import { apiWorld, JOBS } from './jobs-api/api-world.ts';

const KEY = { partition: 'p1', job: 'j1' };

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function aServer(answer: (path: string) => string) {
  const server = await webServer(({ path }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(path));
  });
  servers.push(server);
  return server;
}

const PAGES: Record<string, string> = {
  first:
    '{"rows":[{"id":9007199254740993,"n":0.1234567890123456789},{"id":9007199254740992}],"next":12345678901234567891}',
  '12345678901234567891': '{"rows":[{"id":9007199254740994.5}],"next":12345678901234567892}',
  '12345678901234567892': '{"rows":[]}',
};

async function queried(run: (item: Item) => unknown, options: { itemsPerTask?: number } = {}) {
  const server = await aServer((path) => PAGES[/c=(\d+)/.exec(path)?.[1] ?? 'first'] ?? '{"rows":[]}');
  const worker = defineWorker({ name: 'w', parameters: z.unknown(), run });
  const service = memoryService({ workers: [worker], isSplitTimeUp: () => true });
  const definition = {
    url: server.url,
    itemsPath: 'rows',
    idPath: 'id',
    cursorPath: 'next',
    cursorParameter: 'c',
  };
  await service.submit({ splitter: 'query', worker: 'w', ...options }, { definition }, KEY);
  await service.drain();
  return { server, service, outcomes: await service.outcomes(KEY) };
}

describe('the entries of a query', () => {
  test('keep every digit in ids, payloads and outputs, over retries and cursors', async () => {
    const tries = new Map<string, number>();

    const { server, outcomes } = await queried(({ id, payload }) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      if (tries.get(id) === 1) throw new RetryableFailure('busy', 'busy');
      return { payload };
    });

    expect(outcomes.map(({ id }) => id).sort()).toEqual([
      '9007199254740992',
      '9007199254740993',
      '9007199254740994.5',
    ]);
    const [exact] = outcomes.filter(({ id }) => id === '9007199254740993');
    const payload = '{"id":9007199254740993,"n":0.1234567890123456789}';
    expect(JSON.stringify(exact?.output)).toBe(`{"payload":${payload}}`);
    expect(exact?.input?.json).toBe(payload);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/',
      '/?c=12345678901234567891',
      '/?c=12345678901234567892',
    ]);
  });

  test('fail at once if their worker computes with a number that it would round', async () => {
    const { outcomes } = await queried(({ payload }) => (payload as { id: number }).id + 1);

    const [exact] = outcomes.filter(({ id }) => id === '9007199254740993');
    expect(exact).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      failure: {
        code: 'inexact-number',
        failureMessage: expect.stringMatching(/9007199254740993 has more digits/),
      },
    });
  });
});

test('the API returns an item with every digit of its payload and output', async () => {
  const { service } = await queried(({ payload }) => payload);
  const { table, objects, clock, random, log } = service;
  const api = apiWorld({ table, objects, clock, random, log });

  const one = await api.call('GET', `${JOBS}/j1/items/9007199254740993`);
  const list = await api.call('GET', `${JOBS}/j1/items`);

  const payload = '{"id":9007199254740993,"n":0.1234567890123456789}';
  expect(one.text).toContain(`"output":${payload}`);
  expect(one.text).toContain(`"payload":${payload}`);
  expect(list.text).toContain(`"output":${payload}`);
});

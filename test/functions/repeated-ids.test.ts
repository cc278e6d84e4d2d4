/** Ids that repeat within a job. */
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { defineSplitter, item } from '#core/splitter.ts';
import { systemClock } from '../../functions/aws/runtime.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { retryJob } from '../../functions/store/retries.ts';
import { httpWorker } from '../../functions/workers/http/http-worker.ts';
import { JOB } from '../support/jobs.ts';
import { memoryService } from '../support/memory-service.ts';
import { type WebServer, webServer } from '../support/web-server.ts';
import { apiWorld, BATCH, JOBS, REGISTRY } from './jobs-api/api-world.ts';

const listed = defineSplitter<{ ids: readonly string[] }>({
  name: 'listed',
  description: '',
  definition: z.strictObject({ ids: z.array(z.string()) }),
  stable: true,
  *split({ ids }) {
    for (const [at, id] of ids.entries()) yield item(id, { at });
  },
});

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Runs a job whose requests are answered by `statusOf`, and returns the Idempotency-Key of each request by its payload. */
async function requested(
  ids: readonly string[],
  { itemsPerTask, per = 'item' }: { itemsPerTask: number; per?: string },
  statusOf: (tries: number) => number = () => 200,
) {
  const keys = new Map<string, string[]>();
  const server: WebServer = await webServer(({ body }, response) => {
    const sent = server.requests.at(-1)?.headers['idempotency-key'];
    keys.set(body, [...(keys.get(body) ?? []), String(sent)]);
    response.writeHead(statusOf(keys.get(body)?.length ?? 1)).end();
  });
  servers.push(server);
  const worker = httpWorker({ clock: systemClock, readSecret: async () => '', allowedSecrets: () => ({}) });
  const service = memoryService({ workers: [worker], splitters: [listed] });
  const body = per === 'item' ? '{item.payload.at}' : ['{item.payload.at}'];
  await service.submit(
    { splitter: 'listed', worker: 'http', itemsPerTask, maxAttempts: 3 },
    { definition: { ids }, parameters: { url: server.url, per, body, keep: 'status' } },
  );
  await service.drain();
  return { keys, service };
}

describe('an id that repeats in a chunk', () => {
  test('becomes distinct, and the job has a note', async () => {
    const notes: (string | undefined)[] = [];
    const worker = defineWorker({
      name: 'w',
      parameters: z.unknown(),
      run: async () => {
        notes.push((await service.view())?.progress.note);
      },
    });
    const service = memoryService({ workers: [worker], splitters: [listed] });

    await service.submit(
      { splitter: 'listed', worker: 'w' },
      { definition: { ids: ['a', 'a#2', 'a', 'b', 'a'] } },
    );
    await service.drain();

    expect((await service.outcomes()).map(({ id }) => id)).toEqual(['a', 'a#2', 'a#3', 'b', 'a#4']);
    expect(notes[0]).toBe(
      '2 items have the id of an earlier item of the chunk; #2, #3 … was added to the id',
    );
  });

  test('has a failure of its own for each item', async () => {
    const worker = defineWorker({
      name: 'w',
      parameters: z.unknown(),
      run: ({ id }) => {
        throw new PermanentFailure('bad', `${id} is bad`);
      },
    });
    const service = memoryService({ workers: [worker], splitters: [listed] });

    await service.submit({ splitter: 'listed', worker: 'w' }, { definition: { ids: ['a', 'a', 'a'] } });
    await service.drain();

    const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
    expect(rows.map(({ failureMessage }) => failureMessage)).toEqual([
      'a is bad',
      'a#2 is bad',
      'a#3 is bad',
    ]);
  });

  test('is the same item again after a retry of the job', async () => {
    const ran: string[] = [];
    const worker = defineWorker({
      name: 'w',
      parameters: z.unknown(),
      run: ({ id, payload }) => {
        ran.push(`${id}:${(payload as { at: number }).at}`);
        if (id === 'a#2' && ran.length < 4) throw new PermanentFailure('bad', 'bad');
      },
    });
    const service = memoryService({ workers: [worker], splitters: [listed] });
    await service.submit({ splitter: 'listed', worker: 'w' }, { definition: { ids: ['a', 'a', 'b'] } });
    await service.drain();

    await retryJob(service.table, JOB, {
      now: service.clock.now(),
      actor: 'a',
      retry: { filter: {} },
      count: async () => 1,
    });
    await service.drain();

    expect(ran).toEqual(['a:0', 'a#2:1', 'b:2', 'a#2:1']);
    expect((await service.view())?.job).toMatchObject({
      status: 'Completed',
      totals: { items: 3, failed: 0 },
    });
  });
});

describe('the Idempotency-Key of a request', () => {
  test.for([1, 2, 25])(
    'never repeats for other items with the same id, in chunks of %i',
    async (itemsPerTask) => {
      const { keys } = await requested(['a', 'a', 'a', 'b', 'a', 'a'], { itemsPerTask });

      const all = [...keys.values()].flat();
      expect(all).toHaveLength(6);
      expect(new Set(all).size).toBe(6);
    },
  );

  test('is the same for each attempt', async () => {
    const { keys } = await requested(['a', 'a', 'b'], { itemsPerTask: 2 }, (tries) =>
      tries < 3 ? 503 : 200,
    );

    for (const sent of keys.values()) {
      expect(sent).toHaveLength(3);
      expect(new Set(sent).size).toBe(1);
    }
    expect(keys.size).toBe(3);
  });

  test('differs for chunks with the same ids', async () => {
    const { keys } = await requested(['a', 'b', 'a', 'b'], { itemsPerTask: 2, per: 'chunk' });

    expect(new Set([...keys.values()].flat()).size).toBe(2);
  });
});

describe('items in the body of a request', () => {
  const registry = { ...REGISTRY, splitters: [{ name: 'items', description: 'items', definition: {} }] };
  const create = (items: readonly unknown[]) =>
    apiWorld({ registry }).call('PUT', `${JOBS}/j1`, {
      body: { batch: { ...BATCH, splitter: 'items', definition: { items } } },
    });

  test.for([
    [
      [{ id: 'a' }, { id: 'b' }, { id: 'a' }],
      '/batch/definition/items/2',
      "'a', which is already the id of item 0",
    ],
    [[{ id: 7 }, { id: '7' }], '/batch/definition/items/1', "'7', which is already the id of item 0"],
    [[{ id: '1' }, 'text'], '/batch/definition/items/1', "'1', which is already the id of item 0"],
  ] as const)('%j are refused with the location', async ([items, pointer, detail]) => {
    const { status, body } = await create(items);

    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
  });

  test('with distinct ids, or the same content without ids, are accepted', async () => {
    expect((await create([{ id: 'a' }, { id: 'b' }])).status).toBe(201);
    expect((await create(['x', 'x', { n: 1 }, { n: 1 }])).status).toBe(201);
  });
});

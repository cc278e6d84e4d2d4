import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resultsMessage } from '#contract/messages.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import type { JobStatus } from '#core/job-status.ts';
import { UPDATE_INTERVAL_MILLIS } from '../../functions/kit/chunk-progress.ts';
import { type ChunkWorkerOptions, defineWorker } from '../../functions/kit/define-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';
import type { World } from '../support/memory/world.ts';
import { reportedOutcomes } from '../support/outcomes.ts';

type RunChunk = ChunkWorkerOptions<unknown>['runChunk'];

const eight = [...'abcdefgh'].map((id) => ({ id, payload: id }));

/** Returns the outcomes of a chunk, and the items of each call. */
async function worked(
  runChunk: RunChunk,
  {
    items = eight,
    world = memoryWorld(),
    ...rest
  }: Partial<ChunkWorkerOptions<unknown>> & { items?: Item[]; world?: World; maxAttempts?: number } = {},
) {
  const { maxAttempts = 3, ...options } = rest;
  const calls: string[] = [];
  const worker = defineWorker<unknown>({
    name: 'work',
    parameters: z.unknown(),
    concurrency: 1,
    ...options,
    runChunk(together, context) {
      calls.push(together.map(({ id }) => id).join(''));
      return runChunk(together, context);
    },
  });
  await workerOn(world, worker)([aRecord(aChunk({ items, maxAttempts }))]);
  return { calls, world, records: await reportedOutcomes(world) };
}

const spoiledBy = (id: string, failure: () => Error) => (items: readonly Item[]) => {
  if (items.some((item) => item.id === id)) throw failure();
  return items.map(({ payload }) => payload);
};

describe('a worker of chunks', () => {
  test('is called once for all items, and answers an output or an error for each', async () => {
    const { calls, records } = await worked(
      (items) =>
        items.map(({ id }) => (id === 'c' ? new PermanentFailure('bad', 'c is bad') : id.toUpperCase())),
      { items: eight.slice(0, 4) },
    );

    expect(calls).toEqual(['abcd']);
    expect(records?.map(({ id, output, failure }) => [id, output ?? failure?.code])).toEqual([
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'bad'],
      ['d', 'D'],
    ]);
  });

  test('gets only the items again that may succeed later', async () => {
    const { world } = await worked((items) =>
      items.map(({ id }) =>
        id < 'c' ? new RetryableFailure('busy', 'later', { retryAfterSeconds: 60 }) : 1,
      ),
    );

    world.clock.advance(59_000);
    expect(world.queues.receive('worker:work', 10)).toEqual([]);
    const [again] = sentMessages(world, 'worker:work');
    expect(again.items).toMatchObject([
      { id: 'a', tries: 1 },
      { id: 'b', tries: 1 },
    ]);
    expect(again.done).toHaveLength(6);
  });

  test('receives all of them again, together, if it reports that they may succeed later', async () => {
    const { calls, world } = await worked(() => {
      throw new RetryableFailure('busy', 'later');
    });

    expect(calls).toEqual(['abcdefgh']);
    const [again] = sentMessages(world, 'worker:work');
    expect(again.items.map(({ id, tries }: Item) => [id, tries])).toEqual(eight.map(({ id }) => [id, 1]));
  });

  test.for([
    ['for good', 1, () => new PermanentFailure('refused', 'no')],
    ['by a bug', 1, () => new TypeError('undefined is not a function')],
    ['at the last attempt', 1, () => new RetryableFailure('busy', 'later')],
  ] as const)(
    'that fails %s is run on halves, until the failing item is isolated',
    async ([, maxAttempts, failure]) => {
      const { calls, records } = await worked(spoiledBy('f', failure), { maxAttempts });

      expect(calls).toEqual(['abcdefgh', 'abcd', 'efgh', 'ef', 'gh', 'e', 'f']);
      expect(records?.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual(['f']);
      expect(records?.every(({ attempts }) => attempts === 1)).toBe(true);
      expect(records?.map(({ id }) => id)).toEqual([...'abcdefgh']);
    },
  );

  test('tries the item alone again that spoils a chunk by a bug', async () => {
    const { world } = await worked(spoiledBy('f', () => new TypeError('oops')));

    expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ id: 'f', tries: 1 }] }]);
  });

  test('that has all its calls refused ends with each item failed', async () => {
    const { calls, records } = await worked(() => Promise.reject(new PermanentFailure('closed', 'closed')));

    expect(calls).toHaveLength(15);
    expect(records?.every(({ failure }) => failure?.code === 'closed')).toBe(true);
  });

  test('never sees items that are broken themselves', async () => {
    const broken = { id: 'x', problem: 'line 3 is not a record' };
    const items = [broken, { id: 'y' }];

    const { calls, records } = await worked((given) => given.map(({ id }) => id), { items });
    const none = await worked(() => [], { items: [broken] });

    expect(calls).toEqual(['y']);
    expect(records).toMatchObject([{ id: 'x', failure: { code: 'bad-record' } }, { output: 'y' }]);
    expect(none.calls).toEqual([]);
    expect(none.records).toMatchObject([{ failure: { code: 'bad-record' } }]);
  });

  test.for([
    ['a shorter list', () => [1]],
    ['a longer list', (items: readonly Item[]) => [...items, 1]],
    ['no list', () => ({}) as never],
    ['nothing', () => undefined as never],
  ] as const)('that answers %s fails its items, and is not asked again', async ([, runChunk]) => {
    const { calls, records } = await worked(runChunk);

    expect(calls).toEqual(['abcdefgh']);
    expect(records).toHaveLength(8);
    expect(records?.every(({ failure }) => failure?.code === 'invalid-output')).toBe(true);
  });

  test('sets the number of items in a call, by its parameters', async () => {
    const three = await worked((items) => items, { maxItems: () => 3 });
    const odd = await worked((items) => items, { maxItems: () => Number.NaN });

    expect(three.calls).toEqual(['abc', 'def', 'gh']);
    expect(odd.calls).toHaveLength(8);
    expect(odd.records).toHaveLength(8);
  });
});

describe('the context of a chunk', () => {
  test('has a context of each item: files, skip, attempt', async () => {
    const { records } = await worked(
      async (items, context) => {
        for (const item of items) {
          const own = context.of(item);
          if (own.attempt > 1) own.skip();
          else await own.putPart({ filename: `${item.id}.txt`, mimeType: 'text/plain', body: item.id });
        }
        return items.map(({ id }) => id);
      },
      { items: [{ id: 'a' }, { id: 'b', tries: 1 }] },
    );

    expect(records).toMatchObject([
      { id: 'a', outcome: 'succeeded', attempts: 1, parts: [{ filename: 'a.txt', sizeBytes: 1 }] },
      { id: 'b', outcome: 'skipped', attempts: 2 },
    ]);
    expect(records?.[1]).not.toHaveProperty('parts');
  });

  test('drops the marks of items in a call that was split', async () => {
    const { records } = await worked(
      (items, context) => {
        if (items.length > 1) {
          for (const item of items) context.of(item).skip();
          throw new Error('together no');
        }
        return items.map(({ id }) => id);
      },
      { items: eight.slice(0, 2) },
    );

    expect(records?.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  test('has none of an item of another chunk', async () => {
    const { records } = await worked((_, context) => [context.of({ id: 'a' })], {
      items: [{ id: 'a' }],
      maxAttempts: 1,
    });

    expect(records?.[0]?.failure?.failureMessage).toMatch(/not one of the items that runChunk received/);
  });

  test('reports progress of all of them', async () => {
    const world = memoryWorld();
    await worked(
      async (items, context) => {
        world.clock.advance(UPDATE_INTERVAL_MILLIS);
        await context.progress(0.25, 'a quarter');
        return items;
      },
      { world, items: eight.slice(0, 4) },
    );

    const messages = sentMessages(world, 'reports').map((message) => v.parse(resultsMessage, message));
    expect(messages).toMatchObject([{ kind: 'progress', fraction: 0.25, note: 'a quarter', items: 4 }, {}]);
  });
});

describe('a chunk that runs by one call', () => {
  test('continues in a new message when the time is up, without using up attempts', async () => {
    const world = memoryWorld();
    const time = new AbortController();
    const worker = defineWorker<unknown>({
      name: 'work',
      parameters: z.unknown(),
      maxItems: () => 4,
      concurrency: 1,
      runChunk(items) {
        if (items.some(({ id }) => id === 'e')) {
          time.abort();
          throw new PermanentFailure('ended', 'by the signal');
        }
        return items;
      },
    });

    await workerOn(world, worker)([aRecord(aChunk({ items: eight }))], time.signal);

    const [again] = sentMessages(world, 'worker:work');
    expect(again.items.map(({ id }: Item) => id)).toEqual([...'efgh']);
    expect(again.done).toHaveLength(4);
    expect(JSON.stringify(again)).not.toContain('tries');
  });

  test('of a job cancelled meanwhile is not run on halves, and records nothing', async () => {
    const world = memoryWorld();
    let status: JobStatus = 'Active';
    let calls = 0;
    const worker = defineWorker<unknown>({
      name: 'work',
      parameters: z.unknown(),
      runChunk() {
        calls += 1;
        status = 'Cancelled';
        world.clock.advance(1);
        throw new Error('anything');
      },
    });

    await workerOn(world, worker, () => status)([aRecord(aChunk({ items: eight }))]);

    expect(calls).toBe(1);
    expect(sentMessages(world, 'reports')).toEqual([]);
  });

  test('with parameters that violate the schema is not run, and fails with the violation', async () => {
    const world = memoryWorld();
    const strict = defineWorker({
      name: 'work',
      parameters: z.strictObject({ size: z.number() }),
      maxItems: ({ size }) => size,
      runChunk: (items) => items,
    });

    await workerOn(world, strict)([aRecord(aChunk({ items: eight, parameters: { size: 'big' } }))]);

    const [report] = sentMessages(world, 'reports');
    expect(report.failures).toHaveLength(8);
    expect(report.failures[0]).toMatchObject({ code: 'invalid-parameters' });
  });
});

test.for([{}, { run: () => 1, runChunk: () => [] }])(
  'a worker with both run and runChunk, or neither, is refused',
  (work) => {
    const options = {
      name: 'odd',
      parameters: z.unknown(),
      ...work,
    } as unknown as ChunkWorkerOptions<unknown>;

    expect(() => defineWorker(options)).toThrow("worker 'odd' must define either run or runChunk");
  },
);

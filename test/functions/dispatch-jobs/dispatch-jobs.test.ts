import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { splitMessage } from '#contract/messages.ts';
import { NewerVersion } from '#core/errors.ts';
import type { Row } from '#core/ports.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { MAX_HOPS } from '../../../functions/split-batch/split-batch.ts';
import { deleteJob } from '../../../functions/store/delete-job.ts';
import { NEW_FENCE, saveFence } from '../../../functions/store/fences.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { fenceKey, jobKey, pageKey } from '../../../functions/store/keys.ts';
import { objectPrefix } from '../../../functions/store/object-keys.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { memoryService } from '../../support/memory-service.ts';
import { aDispatcher, NEVER, withEveryCrash } from './a-dispatcher.ts';

const rootBatch = { v: 1, kind: 'split', ...RUN, path: '', splitter: 'range', from: 0, hop: 0 };

describe('a new job', () => {
  test('becomes active and its root batch is sent', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.create();

    await dispatcher.followStream();

    expect(await dispatcher.job()).toMatchObject({ status: 'Active', version: 2 });
    expect(await dispatcher.job()).not.toHaveProperty('followUp');
    expect(dispatcher.splits()).toEqual([rootBatch]);
  });

  test('starts once, with any number of stream records', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.create();
    const [row] = dispatcher.owed() as [Row];

    for (let i = 0; i < 5; i += 1) await dispatcher.dispatch(row, NEVER);
    await dispatcher.followStream();

    expect(await dispatcher.job()).toMatchObject({ status: 'Active', version: 2 });
    expect(dispatcher.splits()).toEqual([rootBatch]);
  });

  test('starts at once for many instances, and for none twice', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.create();
    const [row] = dispatcher.owed() as [Row];

    await Promise.all(Array.from({ length: 5 }, () => dispatcher.dispatch(row, NEVER)));
    await dispatcher.followStream();

    expect(await dispatcher.job()).toMatchObject({ status: 'Active', version: 2 });
    expect(await dispatcher.job()).not.toHaveProperty('followUp');
    for (const message of dispatcher.splits()) expect(message).toEqual(rootBatch);
  });

  test('that was cancelled before it started sends nothing', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.create();
    await moveJob(dispatcher.table, JOB, 'cancel', { now: dispatcher.clock.now() });

    await dispatcher.followStream();

    expect(dispatcher.splits()).toEqual([]);
    expect(await dispatcher.job()).toMatchObject({ status: 'Cancelled' });
    expect(await dispatcher.job()).not.toHaveProperty('followUp');
  });

  test('with the ID of a deleted one is started by the first record that arrives', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.create();
    const [old] = dispatcher.owed() as [Row];
    await deleteJob(dispatcher.table, JOB, { now: dispatcher.clock.now() });
    await dispatcher.create();

    await dispatcher.dispatch(old, NEVER);
    await dispatcher.followStream();

    expect(dispatcher.splits()).toEqual([{ ...rootBatch, runNumber: 2 }]);
    expect(await dispatcher.job()).toMatchObject({ status: 'Active', runNumber: 2, version: 2 });
  });

  test('a record of no job is left alone', async () => {
    const dispatcher = aDispatcher();

    await dispatcher.dispatch({ pk: 'X#1', sk: 'JOB', followUp: 'dispatch' }, NEVER);
    await dispatcher.dispatch({ ...jobKey(JOB), followUp: 'dispatch' }, NEVER);

    expect([...dispatcher.table.rows()]).toEqual([]);
  });
});

describe('a follow-up of a later release', () => {
  test('is retried while the row has it', async () => {
    const dispatcher = aDispatcher();
    const row = { ...jobKey(JOB), followUp: 'mend' };
    await dispatcher.table.write({ kind: 'put', row });

    await expect(dispatcher.dispatch(row, NEVER)).rejects.toBeInstanceOf(NewerVersion);
  });

  test('is ignored once that release has done it', async () => {
    const dispatcher = aDispatcher();
    await dispatcher.table.write({ kind: 'put', row: { ...jobKey(JOB) } });

    await dispatcher.dispatch({ ...jobKey(JOB), followUp: 'mend' }, NEVER);

    expect([...dispatcher.table.rows()]).toHaveLength(1);
  });
});

describe('a crash at any call', () => {
  test('of the start leaves it to the repeat, which sends the root batch', async () => {
    const calls = await withEveryCrash(
      (dispatcher) => dispatcher.create(),
      async (dispatcher) => {
        const sent = dispatcher.splits();
        expect(await dispatcher.job()).toMatchObject({ status: 'Active', version: 2 });
        expect(await dispatcher.job()).not.toHaveProperty('followUp');
        expect(sent.length).toBeGreaterThan(0);
        expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1);
      },
    );

    expect(calls).toBeGreaterThan(4);
  });

  test.each(['first', 'second'])('of the %s clean-up leaves the rest to the retry', async (pass) => {
    const calls = await withEveryCrash(
      async ({ table, create, clock, followStream, sweepLater }) => {
        await create();
        await moveJob(table, JOB, 'dispatch', { now: clock.now() });
        await saveFence(table, RUN, '', { ...NEW_FENCE, next: 300, sealed: true }, 0);
        for (let page = 0; page < 2; page += 1) {
          await table.write({ kind: 'put', row: { ...pageKey(RUN, '', { level: 0, page }) } });
        }
        await moveJob(table, JOB, 'cancel', { now: clock.now() });
        if (pass === 'first') return;
        await followStream();
        await sweepLater();
      },
      async (dispatcher) => {
        const rows = [...dispatcher.table.rows()]
          .map(({ sk }) => sk)
          .filter((sk) => !/^(H#|JOB#PROGRESS|PARTITION)/.test(sk));
        expect(rows.toSorted()).toEqual(['JOB', 'N#', 'P', 'P', 'REQUEST#1']);
        expect(await dispatcher.job()).not.toHaveProperty('followUp');
      },
    );

    expect(calls).toBeGreaterThan(4);
  });

  test.each(['first', 'second'])(
    'of the %s removal leaves it to the repeats, which remove all',
    async (pass) => {
      const calls = await withEveryCrash(
        async ({ table, objects, create, clock, followStream, sweepLater }) => {
          await create();
          await moveJob(table, JOB, 'dispatch', { now: clock.now() });
          await saveFence(table, RUN, '', { ...NEW_FENCE, next: 1, sealed: true }, 0);
          await objects.put(`${objectPrefix('outcomes', RUN)}root/0`, 'x');
          await deleteJob(table, JOB, { now: clock.now() });
          if (pass === 'first') return;
          await followStream();
          await objects.put(`${objectPrefix('outputs', RUN)}late`, 'x');
          await sweepLater();
        },
        async ({ table, objects, followStream, sweepLater }) => {
          await sweepLater();
          await followStream();
          expect([...table.rows()]).toMatchObject([{ sk: 'JOB', status: 'Deleted' }, { activeJobs: 0 }]);
          expect(objects.keys()).toEqual([]);
        },
      );

      expect(calls).toBeGreaterThan(15);
    },
  );

  test('of a continuation leaves it to the repeat, which sends it', async () => {
    const continuation = JSON.stringify({ ...rootBatch, from: 9 });

    const calls = await withEveryCrash(
      ({ table }) => saveFence(table, RUN, '', { ...NEW_FENCE, next: 9, from: 9, continuation }, 0),
      async (dispatcher) => {
        const { row } = await dispatcher.table.get(fenceKey(RUN, ''));
        expect(dispatcher.splits()).toContainEqual({ ...rootBatch, from: 9 });
        expect(row).not.toHaveProperty('followUp');
        expect(row).not.toHaveProperty('continuation');
      },
    );

    expect(calls).toBe(2);
  });
});

test('a clean-up that takes longer than an invocation continues in others', async () => {
  const dispatcher = aDispatcher();
  const { table } = dispatcher;
  await dispatcher.create();
  await dispatcher.followStream();
  for (let i = 0; i < 200; i += 1) await saveFence(table, RUN, `${i}`, { ...NEW_FENCE, next: 1 }, 0);
  await deleteJob(table, JOB, { now: 0 });
  let looks = 0;

  const rounds = await dispatcher.followStream(() => {
    looks += 1;
    return looks === 5;
  });

  expect(rounds).toBeGreaterThan(1);
  expect([...table.rows()].filter(({ sk }) => sk.startsWith('N#'))).toEqual([]);
  expect(await dispatcher.job()).toBeUndefined();
});

describe('a long split', () => {
  test('continues through the stream before its chain of messages becomes too long, and loses nothing', async () => {
    const worker = defineWorker({ name: 'work', parameters: z.unknown(), run: () => undefined });
    const service = memoryService({ workers: [worker], isSplitTimeUp: () => true });
    const send = vi.spyOn(service.queues, 'send');
    const plan = { splitter: 'range', worker: 'work', itemsPerTask: 1, outcomes: 'failures' } as const;
    await service.submit(plan, { definition: { from: 0, to: 15_000 } });

    await service.drain();

    const splits = send.mock.calls.flatMap(([queue, messages]) =>
      queue === 'split' ? messages.map(({ body }) => v.parse(splitMessage, JSON.parse(body))) : [],
    );
    const beginnings = splits.filter(({ hop, from }) => hop === 0 && from > 0);
    expect((await service.view())?.job).toMatchObject({ status: 'Completed', totals: { items: 15_000 } });
    expect(splits.map(({ from }) => from)).toEqual(Array.from({ length: 15 }, (_, i) => i * 1_000));
    expect(beginnings.length).toBeGreaterThan(1);
    expect(Math.max(...splits.map(({ hop }) => hop))).toBeLessThan(MAX_HOPS);
  });
});

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resultsMessage } from '#contract/messages.ts';
import { UPDATE_INTERVAL_MILLIS } from '../../functions/kit/chunk-progress.ts';
import { defineWorker, type WorkerContext } from '../../functions/kit/define-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';

type Say = (context: WorkerContext<unknown>, advance: (millis: number) => void) => unknown;

/** Returns the messages of a chunk whose items run these functions, one at a time. */
async function updatesOf(says: readonly Say[], fields: Parameters<typeof aChunk>[0] = {}) {
  const world = memoryWorld();
  const worker = defineWorker<unknown>({
    name: 'work',
    parameters: z.unknown(),
    concurrency: 1,
    run: async (_, context) => {
      await says[context.position]?.(context, (millis) => world.clock.advance(millis));
    },
  });
  const items = says.map((_, i) => ({ id: `i${i}` }));
  const { failed } = await workerOn(world, worker)([aRecord(aChunk({ items, ...fields }))]);
  expect(failed.size).toBe(0);
  const messages = sentMessages(world, 'reports').map((message) => v.parse(resultsMessage, message));
  return messages.filter((message) => message.kind === 'progress');
}

describe('the updates of a chunk', () => {
  test('are not sent if its items are short', async () => {
    const busy: Say = async (context, advance) => {
      for (let i = 1; i <= 10; i += 1) {
        await context.progress(i / 10, 'busy');
        advance(10);
      }
    };

    expect(await updatesOf(Array<Say>(25).fill(busy))).toEqual([]);
  });

  test('are sent once in five seconds, the first one after that time', async () => {
    const updates = await updatesOf([
      async (context, advance) => {
        for (let second = 0; second <= 20; second += 1) {
          await context.progress(second / 20, `second ${second}`);
          advance(1_000);
        }
      },
    ]);

    expect(updates.map(({ note, fraction }) => [note, fraction])).toEqual([
      ['second 5', 0.25],
      ['second 10', 0.5],
      ['second 15', 0.75],
      ['second 20', 1],
    ]);
    expect(updates[0]).toMatchObject({ path: '', index: 0, items: 1 });
  });

  test('cover the whole chunk: final items and unfinished ones', async () => {
    const done = [{ id: 'd', path: '', outcome: 'skipped', attempts: 1 }];
    const [update] = await updatesOf(
      [
        () => undefined,
        async (context, advance) => {
          advance(UPDATE_INTERVAL_MILLIS);
          await context.progress(0.5);
        },
        () => undefined,
      ],
      { done },
    );

    expect(update).toMatchObject({ items: 4, fraction: 2.5 / 4 });
    expect(update).not.toHaveProperty('note');
  });

  test('count each worker of a pipeline as the same share', async () => {
    const half: Say = async (context, advance) => {
      advance(UPDATE_INTERVAL_MILLIS);
      await context.progress(0.5);
    };

    const [first] = await updatesOf([half], { pipeline: ['next'] });
    const [second] = await updatesOf([half], { ran: { before: 1 } });

    expect([first?.fraction, second?.fraction]).toEqual([0.25, 0.75]);
  });

  test.each([
    [-1, 0],
    [7, 1],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 1],
  ])('take a fraction of %d as %d', async (said, taken) => {
    const [update] = await updatesOf([
      async (context, advance) => {
        advance(UPDATE_INTERVAL_MILLIS);
        await context.progress(said, '😀'.repeat(150));
      },
    ]);

    expect(update?.fraction).toBe(taken);
    expect(update?.note).toBe('😀'.repeat(100));
  });

  test('are sent though the item does not wait for them, and not once it has ended', async () => {
    let late: WorkerContext<unknown> | undefined;

    const updates = await updatesOf([
      (context, advance) => {
        late = context;
        advance(UPDATE_INTERVAL_MILLIS);
        void context.progress(0.4);
      },
      async (_, advance) => {
        advance(UPDATE_INTERVAL_MILLIS);
        await late?.progress(0.9);
      },
    ]);

    expect(updates.map(({ fraction }) => fraction)).toEqual([0.2]);
  });

  test('that cannot be sent do not fail the chunk', async () => {
    const world = memoryWorld();
    const worker = defineWorker<unknown>({
      name: 'work',
      parameters: z.unknown(),
      run: async (_, context) => {
        world.clock.advance(UPDATE_INTERVAL_MILLIS);
        const send = world.queues.send.bind(world.queues);
        world.queues.send = () => Promise.reject(new Error('throttled'));
        await context.progress(0.5);
        world.queues.send = send;
      },
    });

    const { failed } = await workerOn(world, worker)([aRecord(aChunk())]);

    expect(failed.size).toBe(0);
    expect(world.log.messages('warn')).toEqual(['progress could not be sent']);
    expect(sentMessages(world, 'reports')).toMatchObject([{ kind: 'report' }]);
  });
});

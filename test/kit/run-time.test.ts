import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';

/** A worker whose items take as many milliseconds as their payload, and fail if the id is `bad`. */
function aSlowWorker(world: ReturnType<typeof memoryWorld>) {
  return workerOn(
    world,
    defineWorker({
      name: 'work',
      parameters: z.unknown(),
      concurrency: 1,
      async run({ id, payload }) {
        world.clock.advance(Number(payload));
        if (id === 'bad') throw new Error('not now');
        return 'fine';
      },
    }),
  );
}

test('a report names the chunks that ran long, with the time of all their items', async () => {
  const world = memoryWorld();
  const chunks = [
    aChunk({ path: '4', index: 0, items: [{ id: 'quick', payload: 20 }] }),
    aChunk({
      path: '4',
      index: 1,
      items: [
        { id: 'a', payload: 400 },
        { id: 'b', payload: 300 },
      ],
    }),
    aChunk({ path: '4', index: 2, items: [{ id: 'c', payload: 900 }] }),
  ];

  await aSlowWorker(world)(chunks.map((chunk) => aRecord(chunk)));

  expect(sentMessages(world, 'reports')).toMatchObject([
    {
      slowest: [
        ['4.2', 900],
        ['4.1', 700],
      ],
    },
  ]);
});

test('a chunk that is retried carries the time that it ran, without the time that it waited', async () => {
  const world = memoryWorld();
  const work = aSlowWorker(world);

  await work([aRecord(aChunk({ maxAttempts: 2, items: [{ id: 'bad', payload: 500 }] }))]);
  const [again] = sentMessages(world, 'worker:work');
  await work([aRecord(again)]);

  expect(again).toMatchObject({ ranMillis: 500, hop: 1 });
  expect(sentMessages(world, 'reports').at(-1)).toMatchObject({ slowest: [['0', 1_000]] });
});

test('a report of quick chunks has no times', async () => {
  const world = memoryWorld();

  await aSlowWorker(world)([aRecord(aChunk({ items: [{ id: 'a', payload: 99 }] }))]);

  expect(sentMessages(world, 'reports')[0]).not.toHaveProperty('slowest');
});

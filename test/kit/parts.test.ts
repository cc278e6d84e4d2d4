import { expect, test } from 'vitest';
import { z } from 'zod';
import { RetryableFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerOptions } from '../../functions/kit/define-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';
import { reportedOutcomes } from '../support/outcomes.ts';

function aWorker(work: WorkerOptions<unknown>['run']) {
  return defineWorker<unknown>({ name: 'work', parameters: z.unknown(), run: work });
}

const base: Part = { type: 'BASE_PART', filename: 'a.txt', mimeType: 'text/plain', url: 'upload:u' };

test('a worker reads the parts of its item and answers with one that it streams', async () => {
  const world = memoryWorld();
  await world.objects.put('uploads/p/u', 'hello');
  const worker = aWorker(async ({ parts: [part = base] = [] }, context) => {
    async function* twice() {
      yield await context.fetchPart(part);
      yield* await context.openPart(part);
    }
    await context.putPart({ filename: 'b.txt', mimeType: 'text/plain', body: twice() });
  });

  await workerOn(world, worker)([aRecord(aChunk({ items: [{ id: 'a', parts: [base] }] }))]);

  const [record] = (await reportedOutcomes(world)) ?? [];
  expect(record).toMatchObject({ outcome: 'succeeded', parts: [base, { filename: 'b.txt', sizeBytes: 10 }] });
  const made = await world.objects.get({ key: record?.parts?.[1]?.key ?? '' });
  expect(new TextDecoder().decode(made)).toBe('hellohello');
});

test('a worker can destructure its context', async () => {
  const world = memoryWorld();
  const worker = aWorker(async (_, { putPart, skip, exitCode, progress, idempotencyKey, attempt, job }) => {
    await putPart({ filename: `${job}-${attempt}.txt`, mimeType: 'text/plain', body: idempotencyKey });
    await progress(0.5);
    exitCode('MORE');
    skip();
  });

  await workerOn(world, worker)([aRecord(aChunk())]);

  const [record] = (await reportedOutcomes(world)) ?? [];
  expect(record).toMatchObject({ outcome: 'skipped', parts: [{ filename: 'j-1.txt', sizeBytes: 64 }] });
});

test.for([
  { retryAfterSeconds: 300, from: 300, to: 300 },
  { retryAfterSeconds: 100_000, from: 900, to: 900 },
  { retryAfterSeconds: 0, from: 1, to: 2 },
])(
  'an item that requests $retryAfterSeconds s is retried after $from to $to s',
  async ({ retryAfterSeconds, from, to }) => {
    const world = memoryWorld();
    const worker = aWorker(() => {
      throw new RetryableFailure('busy', 'busy', { retryAfterSeconds });
    });

    await workerOn(world, worker)([aRecord(aChunk())]);

    world.clock.advance(from * 1000 - 1);
    expect(world.queues.receive('worker:work', 10)).toEqual([]);
    world.clock.advance((to - from) * 1000 + 1);
    expect(sentMessages(world, 'worker:work')).toMatchObject([{ items: [{ id: 'a', tries: 1 }] }]);
  },
);

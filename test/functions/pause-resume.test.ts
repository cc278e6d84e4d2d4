import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { listFailures } from '../../functions/store/failures.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { moveJob } from '../../functions/store/jobs.ts';
import { objectPrefix } from '../../functions/store/object-keys.ts';
import { aDraft, JOB, RUN } from '../support/jobs.ts';
import { memoryService } from '../support/memory-service.ts';

function aService(whenDone: (items: number) => Promise<unknown> = async () => undefined) {
  const seen: unknown[] = [];
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async (item) => {
      seen.push(item.payload);
      await whenDone(seen.length);
      return item.payload;
    },
  });
  const service = memoryService({ workers: [work] });
  const move = (verb: 'pause' | 'resume' | 'cancel') =>
    moveJob(service.table, JOB, verb, { now: service.clock.now() });
  const held = async () => (await service.objects.list(objectPrefix('held', RUN))).objects.length;
  const submit = (to: number) =>
    service.submit({ splitter: 'range', worker: 'work' }, { definition: { from: 0, to } });
  return { service, seen, move, held, submit };
}

describe('pause', () => {
  test.each([0, 1, 2, 3, 4, 5, 6])(
    'after %i steps and resume: every item is recorded once',
    async (steps) => {
      const { service, move, held, submit } = aService();
      await submit(4_000);
      for (let step = 0; step < steps; step += 1) await service.step();

      await move('pause');
      service.clock.advance(6_000);
      await service.drain();
      const paused = await service.view();
      await move('resume');
      await service.drain();

      expect(paused?.job.status).toBe('Paused');
      expect((await service.view())?.job).toMatchObject({
        status: 'Completed',
        totals: { items: 4_000, failed: 0 },
      });
      expect(new Set((await service.outcomes()).map(({ id }) => id)).size).toBe(4_000);
      expect(await held()).toBe(0);
    },
  );

  test('stops new chunks once the status cache has expired, and holds the remaining work in objects', async () => {
    const { service, seen, move, held, submit } = aService();
    await submit(1_000);
    for (let step = 0; step < 2; step += 1) await service.step();
    await move('pause');
    service.clock.advance(6_000);
    const before = seen.length;

    await service.drain();

    expect(seen.length).toBe(before);
    expect(await held()).toBeGreaterThan(0);
    expect(service.queues.depth('worker:work')).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  test('while the last results are in flight leaves the job paused; it completes when it is resumed', async () => {
    const { service, move, submit } = aService(async (items) => items === 25 && move('pause'));
    await submit(25);

    await service.drain();
    const paused = await service.view();
    await move('resume');
    await service.drain();

    expect(paused?.job).toMatchObject({ status: 'Paused', version: 3, endTotals: { items: 25 } });
    expect((await service.view())?.job).toMatchObject({ status: 'Completed', totals: { items: 25 } });
  });

  test('of a job of which no item succeeded leaves it paused; it fails when it is resumed', async () => {
    const { service, move } = aService(async (items) => {
      if (items === 3) await move('pause');
      throw new PermanentFailure('refused', 'the server refused it');
    });
    const plan = { splitter: 'range', worker: 'work', onItemFailure: 'failIfNoneSucceed' } as const;
    await service.submit(plan, { definition: { from: 0, to: 3 } });
    await service.drain();
    const paused = await service.view();
    await move('resume');
    await service.drain();

    expect(paused?.job).toMatchObject({ status: 'Paused', endTotals: { items: 3, failed: 3 } });
    expect((await service.view())?.job.status).toBe('Failed');
    const { failures } = await listFailures(service.table, RUN, { limit: 10 });
    expect(failures.map(({ code }) => code)).toEqual(['all-items-failed', 'refused', 'refused', 'refused']);
  });

  test('again and again loses nothing', async () => {
    const { service, move, submit } = aService();
    await submit(2_000);
    for (let round = 0; round < 8; round += 1) {
      await service.step();
      await move('pause');
      service.clock.advance(6_000);
      for (let step = 0; step < round % 3; step += 1) await service.step();
      await move('resume');
    }

    await service.drain();

    expect((await service.view())?.job).toMatchObject({ status: 'Completed', totals: { items: 2_000 } });
  });
});

describe('a waiting job', () => {
  test('paused before it began waits again when it is resumed, and then runs', async () => {
    const { service, move, submit } = aService();
    await submit(10);
    await move('pause');
    await service.drain();

    const resumed = await move('resume');
    await service.drain();

    expect(resumed).toMatchObject({ kind: 'moved', job: { status: 'Waiting' } });
    expect((await service.view())?.job.status).toBe('Completed');
  });

  test('created on hold begins only when it is resumed', async () => {
    const { service, seen, move } = aService();
    const draft = aDraft({ hold: true, createTime: service.clock.now() });
    await insertJob(service.table, draft, {
      body: JSON.stringify({ batch: { definition: { from: 0, to: 5 } } }),
    });
    await service.drain();
    const held = [...seen];

    await move('resume');
    await service.drain();

    expect(held).toEqual([]);
    expect(seen).toHaveLength(5);
  });
});

/** A thousand items, paused while most of them were on their way to workers. */
async function aPausedJob() {
  const paused = aService();
  await paused.submit(1_000);
  for (let step = 0; step < 3; step += 1) await paused.service.step();
  await paused.move('pause');
  paused.service.clock.advance(6_000);
  await paused.service.drain();
  expect(await paused.held()).toBeGreaterThan(0);
  return paused;
}

test('cancel of a paused job discards the held work', async () => {
  const { service, move, held } = await aPausedJob();

  await move('cancel');
  await service.drain();

  expect(await held()).toBe(0);
  expect((await service.view())?.job.status).toBe('Cancelled');
});

test('delete of a paused job leaves nothing held', async () => {
  const { service, held } = await aPausedJob();

  await deleteJob(service.table, JOB, { now: service.clock.now() });
  await service.drain();

  expect(await held()).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { batch, checkpoint, defineSplitter, item, numbers } from '#core/splitter.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { deleteJob } from '../../../functions/store/delete-job.ts';
import { NEW_FENCE, saveFence } from '../../../functions/store/fences.ts';
import { jobKey, partitionKey } from '../../../functions/store/keys.ts';
import { objectPrefix, requestObjectKey } from '../../../functions/store/object-keys.ts';
import { ttlSeconds } from '../../../functions/store/retention.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { memoryService } from '../../support/memory-service.ts';
import { aDispatcher } from './a-dispatcher.ts';

const failsOnOdd = defineWorker({
  name: 'work',
  parameters: z.unknown(),
  async run({ payload }, { putPart, attempt }) {
    await putPart({ filename: 'a.txt', mimeType: 'text/plain', body: 'x' });
    if (Number(payload) % 2 === 1) throw new PermanentFailure('odd', 'it is odd');
    if (attempt === 1) throw new Error('not yet');
  },
});

/** Writes down its slices, has a batch below it, and a definition that no message holds. */
const everything = defineSplitter({
  name: 'everything',
  description: 'Leaves something of every kind.',
  definition: z.unknown(),
  *split(definition) {
    if (definition === 'leaf') yield numbers({ from: 0, step: 1, count: 4 });
    else if (typeof definition === 'string') yield item('long', definition);
    else yield* [item('1', 1), item('2', 2), checkpoint(1), batch('leaf'), batch('x'.repeat(70_000))];
  },
});

describe('deleting a job', () => {
  async function aRichJob() {
    const service = memoryService({ workers: [failsOnOdd], splitters: [everything] });
    await service.objects.put('data/p/kept.txt', 'x');
    await service.objects.put(requestObjectKey(JOB, 'x'), '{}');
    const plan = { splitter: 'everything', worker: 'work', itemsPerTask: 2 };
    await service.submit(plan, { definition: {}, parameters: { long: 'x'.repeat(5_000) } });
    return service;
  }

  test('that has ended leaves only its tombstone, which expires by its TTL', async () => {
    const service = await aRichJob();
    await service.objects.delete([requestObjectKey(JOB, 'x')]);
    await service.drain();
    const areas = new Set(service.objects.keys().map((key) => key.split('/')[0]));
    const now = service.clock.now();

    await deleteJob(service.table, JOB, { now });
    await service.drain();
    await service.pass(STRAGGLER_MILLIS);

    const ttl = ttlSeconds(now);
    expect(areas).toEqual(new Set(['chunks', 'data', 'definitions', 'manifests', 'outcomes', 'outputs']));
    const was = { statusBefore: 'Completed', deleteTime: now };
    expect([...service.table.rows()]).toEqual([
      { ...jobKey(JOB), status: 'Deleted', runNumber: 1, ...was, ttl },
      { ...partitionKey('p'), activeJobs: 0 },
    ]);
    expect(service.objects.keys()).toEqual(['data/p/kept.txt']);
  });

  test('while it runs finally leaves nothing, and the next job with its id is exact', async () => {
    const service = await aRichJob();
    for (let i = 0; i < 3; i += 1) await service.step();
    await deleteJob(service.table, JOB, { now: service.clock.now() });
    const second = await service.submit(
      { splitter: 'everything', worker: 'work', itemsPerTask: 2, maxAttempts: 5 },
      { definition: {}, parameters: {} },
    );

    await service.drain();
    await service.pass(STRAGGLER_MILLIS);

    const left = [...service.table.rows()].filter(
      ({ pk, sk }) => /#R1(#|$)/.test(pk) || /^(GONE|REQUEST|JOB#PROGRESS)#1$/.test(sk),
    );
    expect(second.runNumber).toBe(2);
    expect((await service.view())?.job).toMatchObject({
      status: 'Completed',
      totals: { items: 7, failed: 3 },
    });
    expect(left).toEqual([]);
    expect(service.objects.keys().filter((key) => key.includes('/p/j/1/'))).toEqual([]);
  });

  test('that takes longer than an invocation continues in others until everything is deleted', async () => {
    const dispatcher = aDispatcher();
    const { table, objects } = dispatcher;
    await dispatcher.create();
    await dispatcher.followStream();
    for (let i = 0; i < 3_500; i += 1) await objects.put(`${objectPrefix('outcomes', RUN)}root/${i}`, 'x');
    await saveFence(table, RUN, '', { ...NEW_FENCE, next: 600, sealed: true }, 0);
    await deleteJob(table, JOB, { now: dispatcher.clock.now() });
    // Each invocation has slightly more time than the previous one.
    let looks = 0;
    let allowed = 5;
    const isOver = () => {
      looks += 1;
      if (looks <= allowed) return false;
      looks = 0;
      allowed += 5;
      return true;
    };

    const first = await dispatcher.followStream(isOver);
    await dispatcher.sweepLater();
    allowed = 5;
    const second = await dispatcher.followStream(isOver);

    expect(first).toBeGreaterThan(1);
    expect(second).toBeGreaterThan(1);
    expect([...table.rows()]).toMatchObject([{ sk: 'JOB', status: 'Deleted' }, { activeJobs: 0 }]);
    expect(objects.keys()).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ChunkMessage } from '#contract/messages.ts';
import type { JobStatus } from '#core/job-status.ts';
import { Meter } from '#core/meter.ts';
import { parseObjectKey } from '#core/object-address.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { readDeadLetters } from '../../functions/read-dead-letters/read-dead-letters.ts';
import { sourceCaches } from '../../functions/sources/source-caches.ts';
import { splitBatch } from '../../functions/split-batch/split-batch.ts';
import { range } from '../../functions/split-batch/splitters/range.ts';
import { withClaimCheck } from '../../functions/store/claim-check.ts';
import { readJob } from '../../functions/store/jobs.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { aService as aRetriedService, KEY } from '../functions/a-retried-job.ts';
import { BUCKETS } from '../support/buckets.ts';
import { aChunk, aRecord, sentMessages, workerOn } from '../support/chunks.ts';
import { anActiveJob, JOB, RUN } from '../support/jobs.ts';
import { memoryWorld, type World } from '../support/memory/world.ts';
import { recordedOutcomes, reportedOutcomes } from '../support/outcomes.ts';

const worker = defineWorker({ name: 'work', parameters: z.unknown(), run: ({ id }) => id });
const large = 'x'.repeat(70_000);

/** The message of a chunk with items too large for it, whose object is gone. */
async function aLostChunk(world: World, fields: Partial<ChunkMessage> = {}): Promise<ChunkMessage> {
  const items = [{ id: 'a', payload: large }, { id: 'b' }, { id: 'c' }];
  const key = parseObjectKey('chunks/p/j/1/root/0000000000.json');
  const body = await withClaimCheck(world.objects, aChunk({ items, ...fields }), { items: key });
  await world.objects.delete([key]);
  return JSON.parse(body) as ChunkMessage;
}

describe('a chunk whose items are gone from the bucket', () => {
  test('fails at once with each of its items counted, and is not redelivered', async () => {
    const world = memoryWorld();
    const chunk = await aLostChunk(world);

    const { failed } = await workerOn(world, worker)([aRecord(chunk), aRecord(aChunk({ index: 1 }))]);

    expect([...failed]).toEqual([]);
    expect(await reportedOutcomes(world)).toHaveLength(3);
    const [report] = sentMessages(world, 'reports');
    expect(report.nodes[0].x).toEqual(
      expect.arrayContaining([
        [0, 3, 3, 0],
        [1, 1, 0, 0],
      ]),
    );
    expect(report.failures).toHaveLength(3);
    expect(report.failures[0]).toMatchObject({
      code: 'message-lost',
      failureMessage: expect.stringContaining('chunks/p/j/1/root/0000000000.json'),
    });
  });

  test('keeps its final outcomes', async () => {
    const world = memoryWorld();
    const done = [{ id: 'd', path: '', outcome: 'succeeded', attempts: 1, output: 4 }] as const;
    const chunk = await aLostChunk(world, { done: [...done] });

    await workerOn(world, worker)([aRecord(chunk)]);

    expect((await reportedOutcomes(world))?.[0]).toEqual(done[0]);
    expect(sentMessages(world, 'reports')[0].nodes[0].x).toEqual([[0, 4, 3, 0]]);
  });

  test('is dropped if its job is final, whose objects may be deleted', async () => {
    const world = memoryWorld();
    const chunk = await aLostChunk(world);
    const statuses: JobStatus[] = ['Cancelled', 'Active'];

    const run = workerOn(world, worker, () => statuses.pop() ?? 'Cancelled');
    const { failed } = await run([aRecord(chunk)]);

    expect([...failed]).toEqual([]);
    expect(sentMessages(world, 'reports')).toEqual([]);
    expect(world.objects.keys()).toEqual([]);
  });

  test('fails too where only its parameters are gone, with the ids of its items', async () => {
    const world = memoryWorld();
    const chunk = aChunk({ parametersKey: 'definitions/p/j/1/parameters.json' });

    await workerOn(world, worker)([aRecord(chunk)]);

    expect(await reportedOutcomes(world)).toMatchObject([
      { id: 'a', outcome: 'failed', failure: { code: 'message-lost' } },
    ]);
  });

  test('fails if it is a dead letter, without being sent again', async () => {
    const world = memoryWorld();
    await anActiveJob(world.table);
    const read = readDeadLetters({ ...world, meter: new Meter() });

    await read({ body: JSON.stringify(await aLostChunk(world)), origin: { queue: 'worker' } });

    expect(sentMessages(world, 'worker:work')).toEqual([]);
    expect(sentMessages(world, 'results')[0]).toMatchObject({
      nodes: [{ path: '', d: [], x: [[0, 3, 3, 0]] }],
      failures: [{ code: 'message-lost' }, {}, {}],
    });
  });

  test('fails if its next worker is not deployed either', async () => {
    const world = memoryWorld();
    await anActiveJob(world.table, { plan: { pipeline: ['nowhere'] } });
    const forward = [await aLostChunk(world, { worker: 'nowhere' })];
    const track = trackResults({ ...world, meter: new Meter(), maxItems: 10, statusCacheMillis: 0 });
    const report = { v: 1, kind: 'report', ...RUN, itemsPerTask: 25, nodes: [], forward };

    const { failed } = await track([{ id: 'r', body: JSON.stringify(report), origin: 'workers' }]);

    expect(failed.size).toBe(0);
    expect(await recordedOutcomes(world, aChunk())).toHaveLength(3);
  });
});

test('a job fails with the reason if the results of a step are missing, because the number of items is unknown', async () => {
  const world = memoryWorld();
  await anActiveJob(world.table);
  const chunk = aChunk({
    sources: [{ step: 's', from: 0, to: 1, key: 'outcomes/p/j/1/0/0000000000.jsonl' }],
  });
  const { items: _items, ...message } = chunk;
  const read = readDeadLetters({ ...world, meter: new Meter() });

  const { failed } = await workerOn(world, worker)([aRecord(message)]);
  await read({ body: JSON.stringify(message), origin: { queue: 'worker' } });

  expect(failed.size).toBe(1);
  expect(await readJob(world.table, JOB)).toMatchObject({ status: 'Failed' });
});

test('a batch whose definition is gone fails its job with the reason', async () => {
  const world = memoryWorld();
  await anActiveJob(world.table);
  const ports = {
    ...world,
    ...BUCKETS,
    meter: new Meter(),
    objectsFor: () => world.objects,
    caches: sourceCaches(),
    maxItems: 10,
    statusCacheMillis: 0,
  };
  const split = splitBatch({ ...ports, splitters: [range] });
  const message = { v: 1, kind: 'split', ...RUN, path: '0', splitter: 'range', from: 0, hop: 1 } as const;

  const outcome = await split({ ...message, definitionKey: 'definitions/p/j/1/0.json' }, () => false);

  expect(outcome).toBe('failed');
  const failures = [...world.table.rows()].filter(({ sk }) => sk.startsWith('F#'));
  expect(failures).toMatchObject([{ code: 'message-lost' }]);
});

describe('after a chunk was lost with the ids of its items', () => {
  async function aJobWithALostChunk() {
    const retried = aRetriedService();
    const { queues, objects } = retried.service;
    const send = queues.send.bind(queues);
    queues.send = async (queue, messages) => {
      for (const { body } of messages) {
        const { kind, runNumber, index, itemsKey } = JSON.parse(body);
        if (kind === 'chunk' && runNumber === 1 && index === 0) await objects.delete([itemsKey]);
      }
      return send(queue, messages);
    };
    const items = [1, 2, 3, 4].map((n) => ({ id: `i${n}`, n, pad: large.slice(0, 40_000) }));
    await retried.ran({ splitter: 'items', itemsPerTask: 2 }, { items });
    return retried;
  }

  test('a retry runs them, and all totals are exact', async () => {
    const { service, retry, seen, list } = await aJobWithALostChunk();
    const first = await service.view(KEY);
    const lost = await list('/failures');

    await retry();
    await service.drain();

    expect(first?.job).toMatchObject({ totals: { items: 4, failed: 3 } });
    expect(lost.map(({ code }) => code).sort()).toEqual(['message-lost', 'message-lost', 'odd']);
    expect(seen.map(({ n }) => n).sort()).toEqual([1, 2, 3]);
    expect((await service.view(KEY))?.job).toMatchObject({ totals: { items: 4, failed: 1 } });
    const ids = (await list('/items')).map(({ id }) => id);
    expect(ids.sort()).toEqual(['i1', 'i2', 'i3', 'i4']);
  });

  test('a retry of other failures leaves them failed and counted, as they were recorded', async () => {
    const { service, retry, seen, list } = await aJobWithALostChunk();

    await retry({ filter: { codes: ['odd'] } });
    await service.drain();

    expect(seen.map(({ n }) => n)).toEqual([3]);
    const items = await list('/items');
    expect(items.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual([
      'i3 failed',
      'i4 succeeded',
      'unknown:root/0:items:0 failed',
      'unknown:root/0:items:1 failed',
    ]);
    expect((await service.view(KEY))?.job).toMatchObject({ totals: { items: 4, failed: 3 } });
  });
});

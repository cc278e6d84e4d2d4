import { describe, expect, test } from 'vitest';
import type { ChunkMessage } from '#contract/messages.ts';
import { listFailures } from '../../../functions/store/failures.ts';
import { aChunk } from '../../support/chunks.ts';
import { RUN } from '../../support/jobs.ts';
import { recordedOutcomes } from '../../support/outcomes.ts';
import { aTracker, chunk } from './a-tracker.ts';
import { reportOf, sealOf } from './any-tree.ts';

describe('a chunk with more workers before it', () => {
  const next = (fields: Partial<ChunkMessage> = {}) =>
    aChunk({ index: 1, itemsPerTask: 10, items: [{ id: 'a' }, { id: 'b' }], ...fields });

  test('is forwarded to the next worker and ticks nothing yet', async () => {
    const tracker = await aTracker();
    const forward = next({ worker: 'work' });

    await tracker.track(sealOf('', 2), reportOf([chunk(0)], { forward: [forward] }));

    expect(tracker.queues.receive('worker:work').map(({ body }) => JSON.parse(body))).toEqual([forward]);
    expect(await tracker.job()).toMatchObject({ status: 'Active' });
  });

  test('fails and is unroutable if no such worker is deployed, and the job still ends', async () => {
    const tracker = await aTracker();
    const done = [
      { id: 'c', path: '', outcome: 'failed', attempts: 1 },
      { id: 'd', path: '', outcome: 'skipped', attempts: 1 },
    ];
    const forward = next({ worker: 'missing', done });

    await tracker.track(sealOf('', 2), reportOf([chunk(0)], { forward: [forward] }));

    const [aside] = tracker.queues.receive('unroutable').map(({ body }) => JSON.parse(body));
    const { failures } = await listFailures(tracker.table, RUN, { limit: 10 });
    const recorded = await recordedOutcomes(tracker, RUN, forward.index);
    expect(aside.reason).toBe("no worker 'missing' is deployed");
    expect(JSON.parse(aside.body)).toEqual(forward);
    expect(failures.map(({ failureId, code }) => [failureId, code])).toEqual([
      ['root/1/a', 'unroutable'],
      ['root/1/b', 'unroutable'],
    ]);
    expect(recorded?.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'c failed',
      'd skipped',
      'a failed',
      'b failed',
    ]);
    expect(await tracker.job()).toMatchObject({
      status: 'Completed',
      totals: { items: 14, failed: 3, skipped: 1 },
    });
  });

  test.each<[string, Partial<ChunkMessage>]>([
    ['items', { items: undefined, itemsKey: 'chunks/p/three' }],
    ['outcomes', { doneKey: 'chunks/p/one' }],
  ])('is counted exactly if its %s are stored in the bucket', async (_, fields) => {
    const tracker = await aTracker();
    await tracker.objects.put('chunks/p/three', JSON.stringify([{ id: 'a' }, { id: 'b' }, { id: 'c' }]));
    await tracker.objects.put(
      'chunks/p/one',
      JSON.stringify([{ id: 'c', path: '', outcome: 'failed', attempts: 1 }]),
    );
    const forward = next({ index: 0, worker: 'missing', ...fields });

    await tracker.track(sealOf('', 1), reportOf([], { forward: [forward] }));

    expect((await tracker.job())?.totals?.items).toBe(3);
  });
});

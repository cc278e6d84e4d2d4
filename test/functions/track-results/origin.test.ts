import { describe, expect, test } from 'vitest';
import type { BatchPlan } from '#core/job.ts';
import { aChunk, sentMessages } from '../../support/chunks.ts';
import { RUN } from '../../support/jobs.ts';
import { aTracker } from './a-tracker.ts';

const seal = { v: 1, kind: 'seal', ...RUN, path: '', children: 0, itemsPerTask: 10 };
const flow = (outcome: 'done' | 'failed') => ({ v: 1, kind: 'flow', ...RUN, outcome });
const report = (more: object = {}) => ({
  v: 1,
  kind: 'report',
  ...RUN,
  itemsPerTask: 10,
  nodes: [{ path: '', d: [0], x: [] }],
  ...more,
});
const held = (queue: string, ...bodies: unknown[]) => ({
  v: 1,
  kind: 'held',
  ...RUN,
  queue,
  bodies: bodies.map((body) => JSON.stringify(body)),
});
const PIPELINE: Partial<BatchPlan> = { worker: 'work', pipeline: ['next'] };

describe('a flow message', () => {
  test.each(['done', 'failed'] as const)(
    'with %s does not end a job without a flow, from any sender',
    async (outcome) => {
      const tracker = await aTracker();

      const { failed } = await tracker.track(flow(outcome));

      expect(await tracker.job()).toMatchObject({ status: 'Active' });
      expect(sentMessages(tracker, 'unroutable')).toMatchObject([
        { reason: expect.stringContaining("job 'j', which runs no template") },
      ]);
      expect(failed.size).toBe(0);
    },
  );
});

describe('by the reports queue', () => {
  test.each([
    ['a seal', seal],
    ['the end of a flow', flow('failed')],
    ['a wake-up', { v: 1, kind: 'wake', ...RUN }],
  ])('%s is unroutable and changes nothing', async (_what, message) => {
    const tracker = await aTracker();
    const before = tracker.rows();

    const { failed } = await tracker.trackFrom('workers', message);

    expect(tracker.rows()).toEqual(before);
    expect(sentMessages(tracker, 'unroutable')).toMatchObject([
      { reason: expect.stringContaining('workers may only send: report, progress, held') },
    ]);
    expect(failed.size).toBe(0);
  });

  test('reports and updates count', async () => {
    const tracker = await aTracker();

    await tracker.track({ ...seal, children: 2 });
    await tracker.trackFrom('workers', report());
    await tracker.trackFrom('workers', report({ nodes: [{ path: '', d: [1], x: [] }] }));

    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 20 } });
  });

  test.each([
    ['a seal for the results queue', held('results', seal)],
    ['a batch for the split queue', held('split', { v: 1, kind: 'split', ...RUN })],
    ['a seal for a worker', held('worker:work', seal)],
    ['a chunk under the name of another worker', held('worker:next', aChunk({ worker: 'work' }))],
    ['a chunk for a worker that the job does not use', held('worker:http', aChunk({ worker: 'http' }))],
    ['a chunk of another partition', held('worker:work', aChunk({ partition: 'q' }))],
    ['a chunk of another run', held('worker:work', aChunk(), aChunk({ runNumber: 2 }))],
  ])('held work is refused that is %s', async (_what, message) => {
    const tracker = await aTracker(PIPELINE);

    await tracker.trackFrom('workers', message);

    expect(tracker.objects.keys()).toEqual([]);
    for (const queue of ['split', 'results', 'worker:work'] as const)
      expect(sentMessages(tracker, queue)).toEqual([]);
    expect(sentMessages(tracker, 'unroutable')).toHaveLength(1);
  });

  test('held chunks of the job are accepted: of a job that is Active they go on at once', async () => {
    const tracker = await aTracker(PIPELINE);

    await tracker.trackFrom('workers', held('worker:work', aChunk()));

    expect(sentMessages(tracker, 'worker:work')).toEqual([aChunk()]);
  });

  test.each([
    ['of another partition', aChunk({ partition: 'q', worker: 'next' })],
    ['of another job', aChunk({ job: 'k', worker: 'next' })],
    ['for a worker that the job does not use', aChunk({ worker: 'http' })],
    ['for the first worker, which the pipeline does not come back to', aChunk({ worker: 'work' })],
  ])('a report is refused that sends on a chunk %s', async (_what, chunk) => {
    const tracker = await aTracker(PIPELINE);
    const before = tracker.rows();

    await tracker.trackFrom('workers', report({ forward: [chunk] }));

    expect(sentMessages(tracker, 'worker:work')).toEqual([]);
    expect(tracker.rows()).toEqual(before);
    expect(sentMessages(tracker, 'unroutable')).toHaveLength(1);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProgressMessage } from '#contract/messages.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { batchWeight } from '#core/task-path.ts';
import { readJobWithProgress } from '../../../functions/store/jobs.ts';
import { progressKey } from '../../../functions/store/keys.ts';
import { addProgress, readProgress } from '../../../functions/store/progress.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { SeededRandom } from '../../support/memory/world.ts';
import { aTracker, chunk, failed, recordsOf } from './a-tracker.ts';
import { ITEMS_PER_TASK, reportOf, sealOf, shuffled } from './any-tree.ts';

const CHUNKS = 4;

function updateOf(index: number, fraction: number, note?: string): ProgressMessage {
  const place = { path: '', index, items: ITEMS_PER_TASK, fraction };
  return { v: 1, kind: 'progress', ...RUN, ...place, ...omitUndefined({ note }) };
}

/** A job of four chunks that are found. */
async function aFoundJob() {
  const tracker = await aTracker();
  const own = batchWeight('');
  const found = { found: CHUNKS * ITEMS_PER_TASK, batchesOpened: own, batchesSealed: own };
  await addProgress(tracker.table, RUN, found, { now: 0 });
  const percent = async () => (await readProgress(tracker.table, RUN)).percent;
  return { ...tracker, percent };
}

describe('an update of a chunk', () => {
  test('moves the percent and the note, and no count of items', async () => {
    const tracker = await aFoundJob();

    await tracker.tell(updateOf(0, 0.5, 'page 7 of 14'));

    const { percent, note, done } = await readProgress(tracker.table, RUN);
    expect({ percent, note, done }).toEqual({ percent: 1_250, note: 'page 7 of 14', done: 0 });
    expect((await tracker.job())?.status).toBe('Active');
  });

  test('counts no more once the chunk is recorded, by whichever instance, and the percent stays', async () => {
    const tracker = await aFoundJob();
    await tracker.anInstance()(recordsOf([updateOf(0, 0.9), updateOf(1, 0.4)]));
    const before = await tracker.percent();

    await tracker.anInstance()(recordsOf([reportOf([chunk(0)])]));
    const recorded = await tracker.percent();
    await tracker.anInstance()(recordsOf([updateOf(0, 0.95), updateOf(0, 0.9)]));

    const after = await readProgress(tracker.table, RUN);
    expect([before, recorded, after.percent]).toEqual([3_250, 3_500, 3_500]);
    expect(after).toMatchObject({ done: 10, underway: 4_000 });
  });

  test('of an item that begins again does not lower the percent', async () => {
    const tracker = await aFoundJob();
    await tracker.anInstance()(recordsOf([updateOf(0, 0.8)]));

    await tracker.anInstance()(recordsOf([updateOf(0, 0)]));

    expect(await readProgress(tracker.table, RUN)).toMatchObject({ percent: 2_000, underway: 0 });
  });

  test('of everything leaves the job at 99.99, Active', async () => {
    const tracker = await aFoundJob();

    await tracker.tell(sealOf('', CHUNKS));
    await tracker.anInstance()(recordsOf([0, 1, 2, 3, 4, 5].map((index) => updateOf(index, 1))));

    expect(await tracker.percent()).toBe(9_999);
    expect((await tracker.job())?.status).toBe('Active');
  });

  test('weighs no more than a chunk of the job', async () => {
    const tracker = await aFoundJob();

    await tracker.tell({ ...updateOf(0, 0.5), items: 1_000_000 });

    expect(await tracker.percent()).toBe(1_250);
  });

  test('is unroutable if its values are not possible', async () => {
    const tracker = await aFoundJob();

    await tracker.track(updateOf(0, 1.5), { ...updateOf(0, 1), note: 'x'.repeat(201) }, updateOf(0, 0.1));

    expect(tracker.queues.receive('unroutable')).toHaveLength(2);
    expect(await tracker.percent()).toBe(250);
  });
});

describe('updates', () => {
  test('that decrease the progress are written at once, because other instances would use an old value', async () => {
    const tracker = await aFoundJob();
    const [one, other] = [tracker.anInstance(), tracker.anInstance()];

    await one(recordsOf([updateOf(0, 0.8)]));
    await one(recordsOf([updateOf(0, 0)]));
    await other(recordsOf([updateOf(0, 0.8)]));

    expect(await readProgress(tracker.table, RUN)).toMatchObject({ percent: 2_000, underway: 8_000 });
  });

  test('in full batches cost a progress write a second at most, and a write for each page that they concern', async () => {
    const tracker = await aFoundJob();
    const { sk } = progressKey(RUN);
    const track = tracker.anInstance(4);

    for (let tenth = 1; tenth <= 50; tenth += 1) {
      await track(recordsOf([0, 1, 2, 3].map((index) => updateOf(index, tenth / 100))));
      tracker.clock.advance(100);
    }

    // Each update also raises the percentage, which takes a separate write.
    expect(tracker.writes.filter((key) => key.sk === sk).length).toBeLessThanOrEqual(2 * 5);
    expect(tracker.writes.filter((key) => key.sk === 'P')).toHaveLength(50);
  });

  test('never count more than is true, with duplicate and late messages, in any order, on any instance', async () => {
    const told = fc.array(
      fc.record({ index: fc.nat(CHUNKS - 1), fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(told, fc.integer(), async (updates, seed) => {
        const random = new SeededRandom(seed);
        const tracker = await aFoundJob();
        const instances = [tracker.anInstance(), tracker.anInstance(), tracker.anInstance()];
        const reports = [chunk(0), failed(1), chunk(2)];
        const messages = [
          ...updates.map(({ index, fraction }) => updateOf(index, fraction)),
          ...reports.map((one) => reportOf([one])),
        ];
        const recorded = new Set<number>();
        const most = new Map<number, number>();
        let before = 0;

        for (const message of shuffled([...messages, ...messages], random)) {
          if (message.kind === 'report')
            for (const { d, x } of message.nodes) recorded.add(d[0] ?? x[0]?.[0] ?? 0);
          else most.set(message.index, Math.max(most.get(message.index) ?? 0, message.fraction));
          await instances[Math.floor(random.next() * 3)]?.(recordsOf([message]));
          tracker.clock.advance(Math.floor(random.next() * 1_500));

          const percent = await tracker.percent();
          const open = [...most].filter(([index]) => !recorded.has(index)).map(([, fraction]) => fraction);
          const truth = recorded.size + open.reduce((sum, fraction) => sum + fraction, 0);
          expect(percent).toBeGreaterThanOrEqual(before);
          // A sum of fractions may come out a hair below what it is.
          expect(percent).toBeLessThanOrEqual(Math.max(before, (10_000 * truth) / CHUNKS + 1e-6));
          before = percent;
        }

        tracker.clock.advance(1_000);
        for (const track of instances) await track(recordsOf([updateOf(3, 0.25, 'last')]));
        expect(await readProgress(tracker.table, RUN)).toMatchObject({
          done: 30,
          failed: 1,
          underway: 2_500,
          note: 'last',
        });
        expect((await readJobWithProgress(tracker.table, JOB))?.job.status).toBe('Active');
      }),
      { numRuns: 100 },
    );
  });
});

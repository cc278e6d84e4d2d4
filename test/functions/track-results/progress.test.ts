import { describe, expect, test } from 'vitest';
import { isSealed } from '#core/progress.ts';
import { batchWeight } from '#core/task-path.ts';
import { listFailures } from '../../../functions/store/failures.ts';
import { readJobWithProgress } from '../../../functions/store/jobs.ts';
import { progressKey } from '../../../functions/store/keys.ts';
import { addProgress, readProgress } from '../../../functions/store/progress.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { aTracker, chunk, MAX_ITEMS, recordsOf } from './a-tracker.ts';
import { reportOf, sealOf } from './any-tree.ts';

describe('progress', () => {
  test('is written at most once a second in full batches, and counts no result twice', async () => {
    const tracker = await aTracker();
    const track = tracker.anInstance(2);
    const { sk } = progressKey(RUN);
    await addProgress(tracker.table, RUN, { found: 1_000 }, { now: tracker.clock.now() });

    for (let tenth = 0; tenth < 100; tenth += 1) {
      await track(recordsOf([reportOf([chunk(tenth)]), reportOf([chunk(Math.floor(tenth / 2))])]));
      tracker.clock.advance(100);
    }

    const found = await readJobWithProgress(tracker.table, JOB);
    const writes = tracker.writes.filter((key) => key.sk === sk).length;
    expect(found?.progress).toMatchObject({ revision: 1 + writes, done: 910 });
    expect(writes).toBeLessThanOrEqual(20);
  });

  test('knows the number of found items in the invocation that received it, and counts no seal twice', async () => {
    const tracker = await aTracker();
    const batches = batchWeight('0') + batchWeight('1');
    const seals = [
      sealOf('1', 3, { found: { items: 30, batches: 0 } }),
      sealOf('', 2, { found: { items: 0, batches } }),
      sealOf('0', 2, { found: { items: 20, batches: 0 }, operations: { objectPuts: 2 } }),
    ];
    const seen: unknown[] = [];

    for (const seal of seals) {
      // No instance is called a second time.
      await tracker.anInstance()(recordsOf([seal, seal]));
      const { found, ...rest } = await readProgress(tracker.table, RUN);
      seen.push([found, isSealed({ found, ...rest })]);
    }
    await tracker.track(...seals);

    const { found, operations } = await readProgress(tracker.table, RUN);
    expect(seen).toEqual([
      [30, false],
      [30, false],
      [50, true],
    ]);
    expect(found).toBe(50);
    // Only the billed usage may be counted twice, when its message is redelivered.
    expect(operations.objectPuts).toBe(6);
  });

  test('ends a job of more items than there may be', async () => {
    const tracker = await aTracker();
    const half = (path: string) => sealOf(path, 10, { found: { items: 0.6 * MAX_ITEMS, batches: 0 } });
    await tracker.tell(half('0'));
    const before = await tracker.job();

    await tracker.tell(half('1'));

    const { failures } = await listFailures(tracker.table, RUN, { limit: 10 });
    expect(before?.status).toBe('Active');
    expect(await tracker.job()).toMatchObject({ status: 'Failed' });
    expect(failures).toMatchObject([{ code: 'limit' }]);
  });

  test('counts the usage that the worker reported, once', async () => {
    const tracker = await aTracker();
    const report = reportOf([chunk(0)], { operations: { objectPuts: 3 } });

    await tracker.track(report);

    const found = await readJobWithProgress(tracker.table, JOB);
    expect(found?.progress.operations).toMatchObject({ objectPuts: 3 });
  });
});

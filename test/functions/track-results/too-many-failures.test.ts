import { describe, expect, test } from 'vitest';
import type { BatchPlan } from '#core/job.ts';
import { listFailures } from '../../../functions/store/failures.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { RUN } from '../../support/jobs.ts';
import { aTracker, chunk, failed } from './a-tracker.ts';
import { reportOf, sealOf } from './any-tree.ts';

describe('too many failures', () => {
  const withFailures = (index: number, items: number) => reportOf([failed(index, items)]);

  test.each<[string, Partial<BatchPlan>, number]>([
    ['failFast', { onItemFailure: 'failFast' }, 1],
    ['tolerate 3', { onItemFailure: { tolerate: { count: 3 } } }, 4],
  ])('end the job under %s while there is work left', async (_, plan, failures) => {
    const tracker = await aTracker(plan);
    await tracker.tell(withFailures(0, failures - 1));
    const before = await tracker.job();
    tracker.clock.advance(1_000);

    await tracker.tell(withFailures(1, 1));

    const { failures: listed } = await listFailures(tracker.table, RUN, { limit: 10 });
    expect(before?.status).toBe('Active');
    expect(await tracker.job()).toMatchObject({ status: 'Failed', followUp: 'finish' });
    expect(listed).toMatchObject([{ code: 'too-many-failures' }]);
  });

  test('by percentage are evaluated when all items are found and done', async () => {
    const tracker = await aTracker({ onItemFailure: { tolerate: { percent: 5 } } });
    const sealed = { found: 30, batchesOpened: 1, batchesSealed: 1 };
    await addProgress(tracker.table, RUN, sealed, { now: tracker.clock.now() });

    await tracker.tell(withFailures(0, 10));
    const before = await tracker.job();
    await tracker.track(sealOf('', 3), reportOf([chunk(1), chunk(2)]));

    expect(before?.status).toBe('Active');
    expect(await tracker.job()).toMatchObject({ status: 'Failed', totals: { items: 30, failed: 10 } });
  });

  test('end the job at once, also within a second of the last progress', async () => {
    const tracker = await aTracker({ onItemFailure: 'failFast' });
    await tracker.tell(reportOf([chunk(0)]));
    tracker.clock.advance(500);

    await tracker.tell(withFailures(1, 1));

    expect(await tracker.job()).toMatchObject({ status: 'Failed' });
  });
});

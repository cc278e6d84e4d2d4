import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideWork, finalStatus, type ItemFailurePolicy, isOverLimit } from '#core/job.ts';
import type { JobStatus } from '#core/job-status.ts';
import { addTotals, type Totals } from '#core/page.ts';

describe('work of a job', () => {
  test.each<[JobStatus, string]>([
    ['Waiting', 'hold'],
    ['Active', 'run'],
    ['Paused', 'hold'],
    ['Blocked', 'hold'],
    ['Completed', 'discard'],
    ['Failed', 'discard'],
    ['Cancelled', 'discard'],
    ['Expired', 'discard'],
  ])('that is %s is to %s', (status, decision) => {
    expect(decideWork({ status, runNumber: 3 }, 3)).toBe(decision);
  });

  test('of another run is discarded in every status', () => {
    const statuses: JobStatus[] = ['Waiting', 'Active', 'Paused', 'Blocked', 'Completed'];

    for (const status of statuses) {
      expect(decideWork({ status, runNumber: 3 }, 2)).toBe('discard');
      expect(decideWork({ status, runNumber: 3 }, 4)).toBe('discard');
    }
  });

  test('of a missing job is discarded', () => {
    expect(decideWork(undefined, 1)).toBe('discard');
  });
});

const totalsOf = (items: number, failed: number, skipped = 0): Totals => ({ items, failed, skipped });
const two: ItemFailurePolicy = { tolerate: { count: 2 } };
const tenPercent: ItemFailurePolicy = { tolerate: { percent: 10 } };

describe('failures of items', () => {
  test.each<[string, ItemFailurePolicy, Totals, boolean, boolean]>([
    ['continue: all', 'continue', totalsOf(5, 5), true, false],
    ['failAtEnd: all', 'failAtEnd', totalsOf(5, 5), true, false],
    ['failIfNoneSucceed: all', 'failIfNoneSucceed', totalsOf(5, 5), true, false],
    ['failFast: none', 'failFast', totalsOf(5, 0), true, false],
    ['failFast: the first', 'failFast', totalsOf(5, 1), false, true],
    ['tolerate 2: the second', two, totalsOf(5, 2), true, false],
    ['tolerate 2: the third', two, totalsOf(5, 3), false, true],
    ['tolerate 10 %: exactly', tenPercent, totalsOf(100, 10), true, false],
    ['tolerate 10 %: one more', tenPercent, totalsOf(100, 11), true, true],
    ['tolerate 10 %: of the items found so far', tenPercent, totalsOf(100, 100), false, false],
    ['tolerate 0 %: one', { tolerate: { percent: 0 } }, totalsOf(1_000_000, 1), true, true],
    ['tolerate 100 %: all', { tolerate: { percent: 100 } }, totalsOf(7, 7), true, false],
    ['tolerate 10 %: of nothing', tenPercent, totalsOf(0, 0), true, false],
  ])('%s', (_, policy, totals, sealed, isOver) => {
    expect(isOverLimit(policy, totals, sealed)).toBe(isOver);
  });

  test.each<[string, ItemFailurePolicy, Totals, string]>([
    ['continue with failures', 'continue', totalsOf(3, 3), 'Completed'],
    ['failIfNoneSucceed with one success', 'failIfNoneSucceed', totalsOf(3, 2), 'Completed'],
    ['failIfNoneSucceed without a success', 'failIfNoneSucceed', totalsOf(3, 3), 'Failed'],
    ['failIfNoneSucceed with failed and skipped items', 'failIfNoneSucceed', totalsOf(3, 1, 2), 'Failed'],
    ['failIfNoneSucceed with skipped items only', 'failIfNoneSucceed', totalsOf(3, 0, 3), 'Completed'],
    ['failIfNoneSucceed without items', 'failIfNoneSucceed', totalsOf(0, 0), 'Completed'],
    ['failAtEnd without failures', 'failAtEnd', totalsOf(3, 0, 3), 'Completed'],
    ['failAtEnd with one', 'failAtEnd', totalsOf(3, 1), 'Failed'],
    ['failFast without failures', 'failFast', totalsOf(3, 0), 'Completed'],
    ['failFast with a failure of the last item', 'failFast', totalsOf(3, 1), 'Failed'],
    ['tolerate 2 with 2', two, totalsOf(3, 2), 'Completed'],
    ['tolerate 2 with 3', two, totalsOf(3, 3), 'Failed'],
    ['tolerate 10 % with 10 %', tenPercent, totalsOf(20, 2), 'Completed'],
    ['tolerate 10 % with 15 %', tenPercent, totalsOf(20, 3), 'Failed'],
    ['nothing at all', tenPercent, totalsOf(0, 0), 'Completed'],
  ])('%s end as they should', (_, policy, totals, status) => {
    expect(finalStatus(policy, totals)).toBe(status);
  });

  const policy = fc.oneof(
    fc.constantFrom<ItemFailurePolicy>('failIfNoneSucceed', 'continue', 'failAtEnd', 'failFast'),
    fc.nat(50).map((count): ItemFailurePolicy => ({ tolerate: { count } })),
    fc.integer({ min: 0, max: 100 }).map((percent): ItemFailurePolicy => ({ tolerate: { percent } })),
  );
  const counted = fc
    .record({ items: fc.nat(100), failed: fc.nat(100) })
    .map(({ items, failed }) => totalsOf(Math.max(items, failed), failed));

  test('that end a job early would also fail it at the end', () => {
    fc.assert(
      fc.property(policy, counted, fc.nat(100), (of, soFar, more) => {
        fc.pre(isOverLimit(of, soFar, true) && typeof of !== 'string');
        const byCount = typeof of !== 'string' && 'count' in of.tolerate;
        const atEnd = addTotals(soFar, totalsOf(byCount ? more : 0, 0));

        expect(finalStatus(of, atEnd)).toBe('Failed');
      }),
    );
  });

  test('never complete a job that would fail with one failure less', () => {
    fc.assert(
      fc.property(policy, counted, (of, totals) => {
        fc.pre(totals.failed > 0);
        const fewer = { ...totals, failed: totals.failed - 1 };

        if (finalStatus(of, fewer) === 'Failed') expect(finalStatus(of, totals)).toBe('Failed');
        if (isOverLimit(of, fewer, true)) expect(isOverLimit(of, totals, true)).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COMPLETED_PERCENT,
  isSealed,
  MAX_UNFINISHED_PERCENT,
  NO_PROGRESS,
  type Progress,
  percentHundredths,
} from '#core/progress.ts';
import { addProgress, readProgress } from '../../functions/store/progress.ts';
import { MemoryTable } from '../support/memory/table.ts';

const count = fc.oneof(fc.nat(10), fc.nat(100_000_000));
const progress = fc.record<Progress>({
  found: count,
  done: count,
  failed: count,
  skipped: count,
  underway: fc.integer({ min: -1_000, max: 1_000_000 }),
  batchesOpened: fc.nat(5),
  batchesSealed: fc.nat(5),
});
const sealed = { batchesOpened: 2, batchesSealed: 2 };

describe('the percent of an unfinished job', () => {
  test('is a whole number of hundredths, never below 0 nor above 99.99', () => {
    fc.assert(
      fc.property(progress, (of) => {
        const percent = percentHundredths(of);

        expect(Number.isInteger(percent)).toBe(true);
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(percent).toBeLessThanOrEqual(MAX_UNFINISHED_PERCENT);
      }),
      { numRuns: 1_000 },
    );
    expect(MAX_UNFINISHED_PERCENT).toBeLessThan(COMPLETED_PERCENT);
  });

  test('counts half of the done items while batches are still split, then all of them', () => {
    const half = { ...NO_PROGRESS, found: 200, done: 50 };

    expect(percentHundredths({ ...half, batchesOpened: 2, batchesSealed: 1 })).toBe(1_250);
    expect(percentHundredths({ ...half, ...sealed })).toBe(2_500);
  });

  test('is 0 before anything is found, and 99.99 when all is done', () => {
    expect(percentHundredths({ ...NO_PROGRESS, ...sealed })).toBe(0);
    expect(percentHundredths({ ...NO_PROGRESS, ...sealed, found: 3, done: 3 })).toBe(9_999);
  });

  test('includes partial progress, and ignores it if it is negative', () => {
    const half = { ...NO_PROGRESS, ...sealed, found: 4, done: 2 };

    expect(percentHundredths({ ...half, underway: 500 })).toBe(6_250);
    expect(percentHundredths({ ...half, underway: -500 })).toBe(5_000);
    expect(percentHundredths({ ...half, underway: 9_000 })).toBe(9_999);
  });

  test('rounds down', () => {
    expect(percentHundredths({ ...NO_PROGRESS, ...sealed, found: 3, done: 2 })).toBe(6_666);
  });
});

test('a job is sealed once every batch that began is sealed, and never before one began', () => {
  expect(isSealed(NO_PROGRESS)).toBe(false);
  expect(isSealed({ ...NO_PROGRESS, batchesOpened: 2, batchesSealed: 1 })).toBe(false);
  expect(isSealed({ ...NO_PROGRESS, batchesOpened: 1, batchesSealed: 2 })).toBe(false);
  expect(isSealed({ ...NO_PROGRESS, ...sealed })).toBe(true);
});

describe('stored progress', () => {
  const run = { partition: 'p', job: 'j', runNumber: 1 };
  const delta = fc.record({
    found: fc.nat(20),
    done: fc.nat(20),
    batchesOpened: fc.nat(2),
    batchesSealed: fc.nat(2),
  });

  test('never falls when more items are found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(delta, { maxLength: 12 }), async (deltas) => {
        const table = new MemoryTable();
        const shown: number[] = [];
        let sum: Progress = NO_PROGRESS;
        let most = 0;

        for (const one of deltas) {
          await addProgress(table, run, one, { now: 0 });
          shown.push((await readProgress(table, run)).percent);
          sum = added(sum, one);
          most = Math.max(most, percentHundredths(sum));
          expect(shown.at(-1)).toBe(most);
        }

        expect(await readProgress(table, run)).toMatchObject(sum);
      }),
    );
  });

  test('costs a second write only if the percentage increases', async () => {
    let accesses = 0;
    const table = new MemoryTable({
      onAccess: () => {
        accesses += 1;
      },
    });

    await addProgress(table, run, { found: 10, batchesOpened: 1 }, { now: 0 });
    const unmoved = accesses;
    await addProgress(table, run, { done: 5 }, { now: 0 });

    expect([unmoved, accesses - unmoved]).toEqual([1, 2]);
  });

  test('counts every delta of concurrent writers, and keeps the percentage of each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(delta, { minLength: 2, maxLength: 12 }), async (deltas) => {
        const table = new MemoryTable();

        const answers = await Promise.all(deltas.map((one) => addProgress(table, run, one, { now: 0 })));

        const stored = await readProgress(table, run);
        expect(stored).toMatchObject(deltas.reduce(added, NO_PROGRESS));
        expect(stored.revision).toBeGreaterThanOrEqual(deltas.length);
        expect(stored.revision).toBeLessThanOrEqual(2 * deltas.length);
        expect(stored.percent).toBe(Math.max(...answers.map(({ percent }) => percent)));
      }),
    );
  });
});

function added(a: Progress, b: Partial<Progress>): Progress {
  const names = Object.keys(NO_PROGRESS) as (keyof Progress)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + (b[name] ?? 0)])) as unknown as Progress;
}

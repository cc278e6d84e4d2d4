import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemCounts, jobView, type ProgressRecord, percentageComplete } from '#contract/job-view.ts';
import { roundedRate } from '#contract/quantities.ts';
import type { Job } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { NO_PROGRESS } from '#core/progress.ts';

const PROGRESS: ProgressRecord = { ...NO_PROGRESS, percent: 0, revision: 0, operations: {} };

function aJob(fields: Partial<Job> = {}): Job {
  return {
    partition: 'a b',
    job: 'j#1',
    runNumber: 1,
    version: 2,
    status: 'Active',
    createTime: 1_000,
    startTime: 2_000,
    lastUpdateTime: 2_000,
    labels: {},
    priority: 4,
    createdBy: 'alice',
    plan: {
      splitter: 's',
      worker: 'w',
      pipeline: [],
      itemsPerTask: 25,
      onItemFailure: 'continue',
      maxAttempts: 3,
      outcomes: 'all',
    },
    requestHash: 'hash',
    ...fields,
  };
}

describe('percentageComplete', () => {
  test('is 100 only for Completed, for any counters', () => {
    const hundredths = fc.integer({ min: 0, max: 20_000 });

    fc.assert(
      fc.property(fc.constantFrom(...JOB_STATUSES), hundredths, (status, percent) => {
        const shown = percentageComplete(status, percent);
        expect(shown === 100).toBe(status === 'Completed');
        expect(shown).toBeLessThanOrEqual(status === 'Completed' ? 100 : 99.99);
      }),
    );
  });

  test('has at most two decimals, and never decreases', () => {
    let before = 0;
    for (let hundredths = 0; hundredths <= 10_000; hundredths += 1) {
      const shown = percentageComplete('Active', hundredths);
      expect(JSON.stringify(shown)).toMatch(/^\d{1,2}(\.\d{1,2})?$/);
      expect(shown).toBeGreaterThanOrEqual(before);
      before = shown;
    }
    expect(before).toBe(99.99);
  });
});

describe('the counts of items', () => {
  test('are the counters until there are totals', () => {
    const progress = { ...NO_PROGRESS, found: 9, done: 6, failed: 2, skipped: 1 };

    expect(itemCounts({}, progress)).toEqual({
      found: 9,
      succeeded: 3,
      failed: 2,
      skipped: 1,
      sealed: false,
    });
  });

  test('are the totals once they exist, even if the counters lag', () => {
    const totals = { items: 10, failed: 2, skipped: 1 };

    expect(itemCounts({ totals }, NO_PROGRESS)).toEqual({
      found: 10,
      succeeded: 7,
      failed: 2,
      skipped: 1,
      sealed: true,
    });
  });
});

describe('the view of a job', () => {
  test('shows no internal attribute of the row', () => {
    const view = jobView({ job: aJob({ followUp: 'launch' }), progress: PROGRESS, now: 3_000 });

    const hidden = ['partition', 'plan', 'requestHash', 'followUp', 'totals', 'pk', 'ttl'];
    expect(Object.keys(view).filter((name) => hidden.includes(name))).toEqual([]);
  });

  test('has links below the base of the API, with encoded ids', () => {
    const { links } = jobView({ job: aJob(), progress: PROGRESS, now: 3_000 });

    expect(links).toMatchObject({
      self: '/partitions/a%20b/jobs/j%231',
      items: '/partitions/a%20b/jobs/j%231/items',
      cancel: '/partitions/a%20b/jobs/j%231/cancel',
    });
    const final = jobView({ job: aJob({ status: 'Completed' }), progress: PROGRESS, now: 3_000 });
    expect(final.links).not.toHaveProperty('cancel');
  });

  test('has the rate of the time in which the job was active', () => {
    const progress = { ...PROGRESS, found: 100, done: 30, batchesOpened: 1, batchesSealed: 1 };
    const viewOf = (fields: Partial<Job>) => jobView({ job: aJob(fields), progress, now: 62_000 });
    const totals = { items: 60, failed: 0, skipped: 0 };

    expect(viewOf({})).toMatchObject({ itemsPerMinute: 30, rate: 30 });
    expect(viewOf({ activeSince: 32_000, activeMillis: 30_000 })).toMatchObject({
      itemsPerMinute: 30,
      estimatedEndTime: 202_000,
    });
    expect(viewOf({ status: 'Paused', activeMillis: 30_000 }).itemsPerMinute).toBe(60);
    expect(viewOf({ status: 'Paused', activeMillis: 30_000 }).estimatedEndTime).toBeUndefined();
    expect(viewOf({ status: 'Completed', activeMillis: 90_000, totals }).itemsPerMinute).toBe(40);
    expect(viewOf({ status: 'Waiting' }).itemsPerMinute).toBeUndefined();
  });

  test.each([
    [178_200.18, 178_200],
    [10.4, 10],
    [9.996, 10],
    [1.234, 1.23],
    [0.016, 0.02],
    [0, 0],
  ])('rounds a rate of %d items per minute to %d', (rate, expected) => {
    expect(roundedRate(rate)).toBe(expected);
  });

  test('has the note of a long task while it is Active', () => {
    const progress = { ...PROGRESS, note: 'page 7 of 14' };
    const noteOf = (status: JobStatus) => jobView({ job: aJob({ status }), progress, now: 3_000 }).note;

    expect(noteOf('Active')).toBe('page 7 of 14');
    expect(JOB_STATUSES.filter((status) => noteOf(status) !== undefined)).toEqual(['Active']);
    expect(jobView({ job: aJob(), progress: PROGRESS, now: 3_000 })).not.toHaveProperty('note');
  });

  test('estimates the end only if the number of items is known', () => {
    const counted = { ...PROGRESS, found: 10, done: 5, batchesOpened: 1 };
    const endOf = (progress: ProgressRecord, fields: Partial<Job> = {}) =>
      jobView({ job: aJob(fields), progress, now: 3_000 }).estimatedEndTime;

    expect(endOf({ ...counted, batchesSealed: 1 })).toBe(4_000);
    expect(endOf(counted)).toBeUndefined();
    expect(endOf({ ...counted, batchesSealed: 1, done: 0 })).toBeUndefined();
    expect(endOf({ ...counted, batchesSealed: 1 }, { status: 'Completed' })).toBeUndefined();
  });
});

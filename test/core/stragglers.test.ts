import { expect, test } from 'vitest';
import { JOB_STATUSES } from '#core/job-status.ts';
import { STRAGGLER_MILLIS, stragglersEndTime } from '#core/stragglers.ts';

const NOW = 1_767_225_600_000;

test.each(JOB_STATUSES)('a job that is %s and never started has no stragglers', (status) => {
  expect(stragglersEndTime({ status, endTime: NOW }, NOW)).toBeUndefined();
});

test.each(['Active', 'Paused', 'Blocked'] as const)(
  'a job that is deleted while it is %s has stragglers from now on',
  (status) => {
    expect(stragglersEndTime({ status, startTime: NOW - 1 }, NOW)).toBe(NOW + STRAGGLER_MILLIS);
  },
);

test.each(['Completed', 'Failed', 'Cancelled', 'Expired'] as const)(
  'a job that is %s has stragglers until it has been over for long enough',
  (status) => {
    const ended = (before: number) => ({ status, startTime: 0, endTime: NOW - before });

    expect(stragglersEndTime(ended(1_000), NOW)).toBe(NOW - 1_000 + STRAGGLER_MILLIS);
    expect(stragglersEndTime(ended(STRAGGLER_MILLIS - 1), NOW)).toBe(NOW + 1);
    expect(stragglersEndTime(ended(STRAGGLER_MILLIS), NOW)).toBeUndefined();
  },
);

import { expect, test } from 'vitest';
import { intervalStarts, intervalsUntil, sharesOf } from '#core/intervals.ts';

const HOUR = 3_600_000;
const NOON = 20_000 * 24 * HOUR + 12 * HOUR;

test.each([
  [1, 60_000, 61],
  [6, 300_000, 73],
  [24, 900_000, 97],
])('%i hours have intervals of %i ms, which begin at whole minutes', (hours, intervalMillis, count) => {
  const intervals = intervalsUntil(NOON + 1_234, hours);

  expect(intervals).toMatchObject({ since: NOON - hours * HOUR, until: NOON + 1_234, intervalMillis });
  expect(intervalStarts(intervals)).toHaveLength(count);
});

test('work is distributed evenly over its time, and work before the period is left out', () => {
  const intervals = { since: 100, until: 135, intervalMillis: 10 };

  expect(sharesOf(intervals, { from: 115, to: 135 })).toEqual([0, 0.25, 0.5, 0.25]);
  expect(sharesOf(intervals, { from: 80, to: 120 })).toEqual([0.25, 0.25, 0, 0]);
  expect(sharesOf(intervals, { from: 120, to: 120 })).toEqual([0, 0, 1, 0]);
  expect(sharesOf(intervals, { from: 10, to: 20 })).toEqual([0, 0, 0, 0]);
});

test('a period at the begin of time has no negative interval', () => {
  expect(intervalsUntil(5_000, 24).since).toBe(0);
});

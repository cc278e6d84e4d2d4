/** Sums over the intervals of an activity. */
import type { Activity } from 'jobtree/client';
import { formatCount } from '../../parts/format.ts';

/** Failures with one cause over all jobs. */
export type Group = Activity['failureGroups'][number];

const MINUTE = 60_000;
/** An interval that has just begun has no meaningful rate yet. */
const MIN_ELAPSED = 10_000;

export interface Rates {
  /** Start of each interval, in seconds since 1970. */
  readonly times: readonly number[];
  readonly items: readonly number[];
  readonly failed: readonly number[];
}

/** Returns the items of each interval for each minute of it. */
export function ratesOf({ intervals, intervalMillis, until }: Activity): Rates {
  const rates = intervals.map(({ startTime, items, failed }) => {
    const elapsed = Math.max(MIN_ELAPSED, Math.min(intervalMillis, until - startTime));
    const perMinute = MINUTE / elapsed;
    return { time: startTime / 1000, items: items * perMinute, failed: failed * perMinute };
  });
  return {
    times: rates.map(({ time }) => time),
    items: rates.map(({ items }) => items),
    failed: rates.map(({ failed }) => failed),
  };
}

export function totalItems({ intervals }: Activity): { items: number; failed: number } {
  return {
    items: Math.round(intervals.reduce((sum, { items }) => sum + items, 0)),
    failed: Math.round(intervals.reduce((sum, { failed }) => sum + failed, 0)),
  };
}

/** Returns the cost since the last midnight of this browser. */
export function costToday({ intervals, until }: Activity): number {
  const midnight = new Date(until).setHours(0, 0, 0, 0);
  return intervals
    .filter(({ startTime }) => startTime >= midnight)
    .reduce((sum, { dollars }) => sum + dollars, 0);
}

/** Names the jobs that the numbers are from, if they are not all. */
export function scopeText(activity: Activity | undefined): string {
  if (activity === undefined || activity.isComplete) return '';
  return ` from the newest ${formatCount(activity.jobsRead)} jobs`;
}

export function periodText(hours: number): string {
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

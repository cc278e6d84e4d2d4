/** Intervals of equal length that cover a period. */
export interface Intervals {
  readonly since: number;
  readonly until: number;
  readonly intervalMillis: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lengths of intervals, and the longest period that each is used for. */
const LENGTHS = [
  { upTo: HOUR, intervalMillis: MINUTE },
  { upTo: 8 * HOUR, intervalMillis: 5 * MINUTE },
  { upTo: Number.POSITIVE_INFINITY, intervalMillis: 15 * MINUTE },
] as const;

/** Returns the intervals of the last hours. They begin at whole minutes, so that a later request has the same ones. */
export function intervalsUntil(until: number, hours: number): Intervals {
  const period = hours * HOUR;
  const { intervalMillis } = LENGTHS.find(({ upTo }) => period <= upTo) ?? LENGTHS[2];
  const since = Math.floor((until - period) / intervalMillis) * intervalMillis;
  return { since: Math.max(0, since), until, intervalMillis };
}

export function intervalStarts({ since, until, intervalMillis }: Intervals): number[] {
  const count = Math.floor((until - since) / intervalMillis) + 1;
  return Array.from({ length: count }, (_, at) => since + at * intervalMillis);
}

/**
 * Returns the share of each interval in work that was done evenly between two times, from 0 to 1. Work without
 * a duration belongs to one interval.
 */
export function sharesOf(intervals: Intervals, { from, to }: { from: number; to: number }): number[] {
  const { intervalMillis } = intervals;
  return intervalStarts(intervals).map((start) => {
    const end = start + intervalMillis;
    if (to <= from) return to >= start && to < end ? 1 : 0;
    return Math.max(0, Math.min(to, end) - Math.max(from, start)) / (to - from);
  });
}

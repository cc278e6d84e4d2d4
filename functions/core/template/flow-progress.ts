/**
 * Progress of a job of several steps: each step has an equal share of the percentage, and each item is
 * counted once.
 */
import { COMPLETED_PERCENT, isSealed, MAX_UNFINISHED_PERCENT, type Progress } from '#core/progress.ts';

/** Counters of one visit of a step. Items that are carried along count as done. */
export interface VisitProgress {
  readonly step: string;
  /** True if no later step takes the items. */
  readonly isLast: boolean;
  /** True if it has a splitter, so that it began with its own items. */
  readonly splits: boolean;
  readonly hasEnded: boolean;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Partial progress of chunks in addition to `done`, in thousandths of items. */
  readonly underway: number;
}

/** Returns the names of the steps that are running. */
export function runningSteps(visits: readonly VisitProgress[]): string[] {
  return [...new Set(visits.filter(({ hasEnded }) => !hasEnded).map(({ step }) => step))];
}

/** Returns the counters of the job, with each item counted once. `visits` has the order of their nodes. */
export function flowCounters(found: Progress, visits: readonly VisitProgress[]): Progress {
  const failed = sumOfLargest(visits, (visit) => visit.failed);
  const skipped = sumOfLargest(visits, (visit) => visit.skipped);
  const doneInLastSteps = visits.filter(({ isLast }) => isLast).reduce((sum, { done }) => sum + done, 0);
  return {
    ...found,
    done: Math.min(found.found, Math.max(doneInLastSteps, failed + skipped)),
    failed,
    skipped,
  };
}

/**
 * Sums the largest count of each sequence of visits of the same items. A later visit of them includes the
 * failures of earlier ones.
 */
function sumOfLargest(visits: readonly VisitProgress[], count: (visit: VisitProgress) => number): number {
  let sum = 0;
  let largest = 0;
  for (const visit of visits) {
    if (visit.splits) {
      sum += largest;
      largest = 0;
    }
    largest = Math.max(largest, count(visit));
  }
  return sum + largest;
}

/**
 * Returns whole hundredths of a percent. A step that was visited once has its full share, however often it is
 * visited again.
 */
export function flowPercentHundredths(
  found: Progress,
  visits: readonly VisitProgress[],
  steps: number,
): number {
  if (steps === 0) return 0;
  const share = COMPLETED_PERCENT / steps;
  let percent = 0;
  for (const group of Map.groupBy(visits, ({ step }) => step).values()) {
    const done = Math.max(0, ...group.map((visit) => visit.done + Math.max(0, visit.underway) / 1_000));
    const part = found.found === 0 ? 0 : Math.min(1, done / found.found) * (isSealed(found) ? 1 : 0.5);
    percent += share * (group.some(({ hasEnded }) => hasEnded) ? 1 : part);
  }
  return Math.min(MAX_UNFINISHED_PERCENT, Math.floor(percent));
}

/** Progress of a job of several steps: each step has an equal share of the percent, and items are shown once. */
import { COMPLETED_PERCENT, isSealed, MAX_UNFINISHED_PERCENT, type Progress } from '#core/progress.ts';

/** What is counted of one visit of a step. What rides along counts as done here too. */
export interface VisitProgress {
  readonly step: string;
  /** Whether items are through when they are through here. */
  readonly isLast: boolean;
  /** Whether it began with items of its own. */
  readonly splits: boolean;
  readonly hasEnded: boolean;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Thousandths of items that chunks say they have done beyond that. */
  readonly underway: number;
}

/** Names of the steps that are being done. */
export function runningSteps(visits: readonly VisitProgress[]): string[] {
  return [...new Set(visits.filter(({ hasEnded }) => !hasEnded).map(({ step }) => step))];
}

/** The counters of the job: each item once, however many steps it has been through. Visits in the order of their nodes. */
export function flowCounters(found: Progress, visits: readonly VisitProgress[]): Progress {
  const failed = sumOfMost(visits, (visit) => visit.failed);
  const skipped = sumOfMost(visits, (visit) => visit.skipped);
  const through = visits.filter(({ isLast }) => isLast).reduce((sum, { done }) => sum + done, 0);
  return { ...found, done: Math.min(found.found, Math.max(through, failed + skipped)), failed, skipped };
}

/** What failed in one visit rides along through the next ones of the same items: the largest number has them all. */
function sumOfMost(visits: readonly VisitProgress[], count: (visit: VisitProgress) => number): number {
  let sum = 0;
  let most = 0;
  for (const visit of visits) {
    if (visit.splits) {
      sum += most;
      most = 0;
    }
    most = Math.max(most, count(visit));
  }
  return sum + most;
}

/** Hundredths of a percent, whole. A step that was visited once has had its share, however often it comes again. */
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

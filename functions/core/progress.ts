import { batchWeight, depthOf, type TaskPath } from './task-path.ts';

/** Counters of a running job: never more than the truth, made exact when the job ends. */
export interface Progress {
  /** Items that splitters have found so far. */
  readonly found: number;
  /** Items that are final: succeeded, failed or skipped. */
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Thousandths of items that chunks say they have done beyond that; gone once the chunk is recorded. */
  readonly underway: number;
  /** What the batches weigh that began, and those whose last child is known: sums of `batchWeight`. */
  readonly batchesOpened: number;
  readonly batchesSealed: number;
}

export const NO_PROGRESS: Progress = {
  found: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  underway: 0,
  batchesOpened: 0,
  batchesSealed: 0,
};

/** The most that a job shows before it is final: 99.99 %. */
export const MAX_UNFINISHED_PERCENT = 9_999;
export const COMPLETED_PERCENT = 10_000;

/**
 * Whether everything is found: each batch that began has told how many children it has. The news come in any order,
 * that of a child before that of its parent; whatever is on its way or lost, the sums differ.
 */
export function isSealed({ batchesOpened, batchesSealed }: Progress): boolean {
  return batchesOpened > 0 && batchesSealed === batchesOpened;
}

/** What splitting has found of a node: items among its children, and what the batches among them weigh. */
export interface Found {
  readonly items: number;
  readonly batches: number;
}

/**
 * What a node counts for, as far as it is split. Of one at the first depth nobody else tells that it was opened: the
 * root, or, below it, the steps of a template.
 */
export function progressOfNode(
  path: TaskPath,
  { items, batches }: Found,
  { sealed, first = 0 }: { readonly sealed: boolean; readonly first?: number },
): Progress {
  const own = batchWeight(path);
  return {
    ...NO_PROGRESS,
    found: items,
    batchesOpened: batches + (depthOf(path) === first ? own : 0),
    batchesSealed: sealed ? own : 0,
  };
}

export function addCounts(a: Progress, b: Partial<Progress>): Progress {
  const sum = { ...a } as Record<keyof Progress, number>;
  for (const [name, count] of Object.entries(b)) sum[name as keyof Progress] += count ?? 0;
  return sum;
}

export function subtractCounts(a: Progress, b: Progress): Progress {
  const difference = { ...a } as Record<keyof Progress, number>;
  for (const [name, count] of Object.entries(b)) difference[name as keyof Progress] -= count;
  return difference;
}

export function isNothing(counts: Progress): boolean {
  return Object.values(counts).every((count) => count === 0);
}

/**
 * Hundredths of a percent, whole: 50 × done / found while splitters still run, 100 × done / found afterwards, where
 * `done` has what chunks say of themselves.
 * Whoever stores it keeps the larger of the old and the new, so what a user sees never falls.
 */
export function percentHundredths(progress: Progress): number {
  if (progress.found === 0) return 0;
  const scale = isSealed(progress) ? COMPLETED_PERCENT : COMPLETED_PERCENT / 2;
  // Below nothing where an instance ended with updates that it had not written.
  const done = progress.done + Math.max(0, progress.underway) / 1_000;
  return Math.min(MAX_UNFINISHED_PERCENT, Math.floor((scale * done) / progress.found));
}

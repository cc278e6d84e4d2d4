import { batchWeight, depthOf, type TaskPath } from './task-path.ts';

/** Counters of a running job. They never exceed the true values, and become exact when the job ends. */
export interface Progress {
  /** Number of items that splitters have found so far. */
  readonly found: number;
  /** Number of items that are final: succeeded, failed or skipped. */
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /**
   * Partial progress of chunks in addition to `done`, in thousandths of items. Removed once the chunk is
   * recorded.
   */
  readonly underway: number;
  /**
   * Sums of `batchWeight`: of the batches that have begun, and of those whose number of children is known.
   */
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

/** Highest percentage of a job that is not final: 99.99 %. */
export const MAX_UNFINISHED_PERCENT = 9_999;
export const COMPLETED_PERCENT = 10_000;

/**
 * True if all items are found: each batch that began has a known number of children. Updates arrive in any
 * order, a child's possibly before its parent's. While one is missing, the sums differ.
 */
export function isSealed({ batchesOpened, batchesSealed }: Progress): boolean {
  return batchesOpened > 0 && batchesSealed === batchesOpened;
}

/** Children of a node that splitting has found: the items, and the weight of the batches. */
export interface FoundChildren {
  readonly items: number;
  readonly batches: number;
}

/**
 * Returns the progress that a node contributes, as far as it is split. Nodes at depth `first` count as opened
 * by themselves, because no parent reports them: the root or, in a template, the steps below it.
 */
export function progressOfNode(
  path: TaskPath,
  { items, batches }: FoundChildren,
  { sealed, first = 0 }: { readonly sealed: boolean; readonly first?: number },
): Progress {
  const ownWeight = batchWeight(path);
  return {
    ...NO_PROGRESS,
    found: items,
    batchesOpened: batches + (depthOf(path) === first ? ownWeight : 0),
    batchesSealed: sealed ? ownWeight : 0,
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

export function isZero(counts: Progress): boolean {
  return Object.values(counts).every((count) => count === 0);
}

/**
 * Returns whole hundredths of a percent: 50 × done / found while splitters still run, 100 × done / found
 * afterwards. `done` includes the partial progress of chunks.
 *
 * The writer stores the larger of the old and the new value, so the percentage never falls.
 */
export function percentHundredths(progress: Progress): number {
  if (progress.found === 0) return 0;
  const scale = isSealed(progress) ? COMPLETED_PERCENT : COMPLETED_PERCENT / 2;
  // Negative if an instance ended before it wrote its updates.
  const done = progress.done + Math.max(0, progress.underway) / 1_000;
  return Math.min(MAX_UNFINISHED_PERCENT, Math.floor((scale * done) / progress.found));
}

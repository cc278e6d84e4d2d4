/** Counters of a running job: never more than the truth, made exact when the job ends. */
export interface Progress {
  /** Items that splitters have found so far. */
  readonly found: number;
  /** Items that are final: succeeded, failed or skipped. */
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Batches that began, and those whose last child is known. */
  readonly batchesOpened: number;
  readonly batchesSealed: number;
}

export const NO_PROGRESS: Progress = {
  found: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  batchesOpened: 0,
  batchesSealed: 0,
};

/** The most that a job shows before it is final: 99.99 %. */
export const MAX_UNFINISHED_PERCENT = 9_999;
export const COMPLETED_PERCENT = 10_000;

/** Whether everything is found: each batch that began has told how many children it has. */
export function isSealed(progress: Progress): boolean {
  return progress.batchesOpened > 0 && progress.batchesSealed >= progress.batchesOpened;
}

/**
 * Hundredths of a percent, whole: 50 × done / found while splitters still run, 100 × done / found afterwards.
 * Whoever stores it keeps the larger of the old and the new, so what a user sees never falls.
 */
export function percentHundredths(progress: Progress): number {
  if (progress.found === 0) return 0;
  const scale = isSealed(progress) ? COMPLETED_PERCENT : COMPLETED_PERCENT / 2;
  return Math.min(MAX_UNFINISHED_PERCENT, Math.floor((scale * progress.done) / progress.found));
}

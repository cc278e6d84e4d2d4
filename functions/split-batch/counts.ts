import type { SplitMessage } from '#contract/messages.ts';
import { NO_PROGRESS, type Progress, progressOfNode } from '#core/progress.ts';
import { batchWeight, childPath, type TaskPath } from '#core/task-path.ts';
import type { Fence } from '../store/fences.ts';
import type { Draft } from './pack-children.ts';
import { SLICE_CHILDREN } from './slices.ts';

/**
 * Nodes of one slice are counted by the tracker, with their seal; the larger ones here, a write for each slice. Jobs of
 * very many small batches would write one row for each of them (docs/decisions/0012). The fence alone decides which
 * way it is, so that twins agree.
 */
export function isCountedWithSeal({ next }: Fence): boolean {
  return next <= SLICE_CHILDREN;
}

/** What the progress row knows of a node whose fence stands so. */
export function countsOf(
  { path, step }: Pick<SplitMessage, 'path' | 'step'>,
  fence: Fence | undefined,
): Progress {
  if (fence === undefined || isCountedWithSeal(fence)) return NO_PROGRESS;
  return progressOfNode(path, fence, { sealed: fence.sealed, first: step === undefined ? 0 : 1 });
}

/** What the batches among children weigh, of which the first one has this index. */
export function weightOfBatches(path: TaskPath, first: number, drafts: readonly Draft[]): number {
  return drafts.reduce(
    (sum, { kind }, position) =>
      sum + (kind === 'batch' ? batchWeight(childPath(path, first + position)) : 0),
    0,
  );
}

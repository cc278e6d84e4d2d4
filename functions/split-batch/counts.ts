import type { SplitMessage } from '#contract/messages.ts';
import { NO_PROGRESS, type Progress, progressOfNode } from '#core/progress.ts';
import { batchWeight, childPath, type TaskPath } from '#core/task-path.ts';
import type { Fence } from '../store/fences.ts';
import type { Draft } from './pack-children.ts';
import { SLICE_CHILDREN } from './slices.ts';

/**
 * True if the tracker counts the node with its seal. That holds for nodes of one slice; larger nodes are counted here,
 * with one write for each slice. A job of very many small batches would otherwise write one row for each of them
 * (docs/explanation/decisions/0012). The fence alone decides, so that concurrent invocations agree.
 */
export function isCountedWithSeal({ next }: Fence): boolean {
  return next <= SLICE_CHILDREN;
}

/** Returns what the progress row contains for a node with this fence. */
export function countsOf(
  { path, step }: Pick<SplitMessage, 'path' | 'step'>,
  fence: Fence | undefined,
): Progress {
  if (fence === undefined || isCountedWithSeal(fence)) return NO_PROGRESS;
  return progressOfNode(path, fence, { sealed: fence.sealed, first: step === undefined ? 0 : 1 });
}

/** Returns the weight of the batches among the children. `first` is the index of the first child. */
export function weightOfBatches(path: TaskPath, first: number, drafts: readonly Draft[]): number {
  return drafts.reduce(
    (sum, { kind }, position) =>
      sum + (kind === 'batch' ? batchWeight(childPath(path, first + position)) : 0),
    0,
  );
}

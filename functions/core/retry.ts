/**
 * Rules of retries: which jobs can be retried, which failed items are selected, and how a patch changes them.
 */
import type { OutcomeRecord } from './item.ts';
import { type Job, runNumbersOf } from './job.ts';
import { decideMove, TRANSITIONS } from './job-status.ts';

export interface RetryFilter {
  readonly codes?: readonly string[] | undefined;
  readonly itemIds?: readonly string[] | undefined;
}

export interface Retry {
  readonly filter: RetryFilter;
  /** A JSON merge patch (RFC 7396) for the payload that the splitter found. */
  readonly patch?: unknown;
  readonly restartDependents?: boolean | undefined;
}

/** Limit on runs, because each chunk of a retry reads the outcomes of earlier runs one after the other. */
const MAX_RUNS = 20;

/** `items` is the number of failed items. `why` completes a sentence that begins with "the job". */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly items: number }
  | { readonly kind: 'refused'; readonly why: string };

/** Decides if the failed items of a job can be processed again (docs/explanation/decisions/0009-runs.md). */
export function decideRetry(job: Job): RetryDecision {
  const { status, totals, plan } = job;
  const refuse = (why: string) => ({ kind: 'refused', why: `is ${status}${why}` }) as const;
  if (decideMove('retry', status).kind !== 'move') {
    const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(TRANSITIONS.retry.from);
    return refuse(`; only a job that is ${allowed} can be retried`);
  }
  if (totals === undefined)
    return refuse(' and ended before all its items were processed; resubmit it instead');
  if (totals.failed === 0) return refuse(' and has no failed items; there is nothing to retry');
  if (plan.outcomes === 'failures' && totals.skipped > 0) {
    return refuse(' and has skipped items without stored outcomes (outcomes: failures); resubmit it instead');
  }
  if (runNumbersOf(job).length >= MAX_RUNS) {
    return refuse(` and has run ${MAX_RUNS} times, which is the limit; resubmit it instead`);
  }
  return { kind: 'retry', items: totals.failed };
}

/** Selects no item. */
export const RETRY_NO_ITEM: Retry = { filter: { itemIds: [] } };

export function isRetried({ id, outcome, failure }: OutcomeRecord, { codes, itemIds }: RetryFilter): boolean {
  if (outcome !== 'failed') return false;
  if (itemIds !== undefined && !itemIds.includes(id)) return false;
  return codes === undefined || codes.includes(failure?.code ?? '');
}

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged = new Map(isMap(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

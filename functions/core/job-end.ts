/** The end of a job whose items are all recorded. */
import { type Failure, finalStatus, type ItemFailurePolicy } from './job.ts';
import type { Totals } from './page.ts';

/** Code of a job in which items failed and none succeeded. */
const ALL_ITEMS_FAILED = 'all-items-failed';

export interface JobEnd {
  readonly status: 'Completed' | 'Failed';
  readonly totals: Totals;
  readonly now: number;
  /** The failure of the job as a whole; absent if the failures of its items are the reason. */
  readonly failure?: Failure;
}

export function endOfJob(policy: ItemFailurePolicy, totals: Totals, now: number): JobEnd {
  const status = finalStatus(policy, totals);
  const end = { status, totals, now };
  return status === 'Failed' && policy === 'failIfNoneSucceed'
    ? { ...end, failure: allItemsFailed(totals, now) }
    : end;
}

function allItemsFailed({ items, failed, skipped }: Totals, now: number): Failure {
  const counts = items === 1 ? 'the only item failed' : `none of ${items} items succeeded: ${failed} failed`;
  const others = skipped === 0 ? '' : ` and ${skipped} ${skipped === 1 ? 'was' : 'were'} skipped`;
  return {
    failureId: ALL_ITEMS_FAILED,
    failureTime: now,
    failureSource: 'job',
    failureMessage: `${counts}${others}. Correct the cause (GET …/failures?groupBy=fingerprint) and retry the job, or set onItemFailure to continue`,
    code: ALL_ITEMS_FAILED,
    attempts: 0,
  };
}

/**
 * Computes how long stragglers may still write for a final or deleted job. A straggler is a function that
 * still believes that the job runs, or was processing its work when the job ended. Pure.
 */
import type { Job } from './job.ts';
import { isFinal } from './job-status.ts';

/** Maximum duration of a Lambda invocation, including the workers of users. */
export const LONGEST_RUN_MILLIS = 15 * 60_000;
/** Milliseconds for which a function trusts a job status that it has read. */
export const STATUS_CACHE_MILLIS = 5_000;
/**
 * AWS refuses requests from a clock that is wrong by more than five minutes. Two clocks may therefore differ
 * by ten.
 */
const MAX_CLOCK_DIFFERENCE_MILLIS = 10 * 60_000;

/**
 * Time from the end of a job until no function writes for it any more. Delayed messages do not extend it: the
 * receiver reads the status first and drops the message.
 */
export const STRAGGLER_MILLIS = STATUS_CACHE_MILLIS + LONGEST_RUN_MILLIS + MAX_CLOCK_DIFFERENCE_MILLIS;

type Ending = Pick<Job, 'status' | 'startTime' | 'endTime'>;

/** Returns when the last straggler of a job that is deleted now has ended; `undefined` if there is none. */
export function stragglersEndTime(
  { status, startTime, endTime = 0 }: Ending,
  now: number,
): number | undefined {
  if (startTime === undefined) return undefined;
  const lastWrite = (isFinal(status) ? endTime : now) + STRAGGLER_MILLIS;
  return lastWrite > now ? lastWrite : undefined;
}

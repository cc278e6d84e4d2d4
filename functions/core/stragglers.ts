/**
 * Until when somebody may still write for a job that is over or deleted: who believes that it runs, or was in the
 * midst of its work when it ended. Pure.
 */
import type { Job } from './job.ts';
import { isFinal } from './job-status.ts';

/** Lambda ends every function by then, workers of users included. */
export const LONGEST_RUN_MILLIS = 15 * 60_000;
/** For so long a function believes what it has read of a job. */
export const STATUS_CACHE_MILLIS = 5_000;
/** AWS refuses the requests of a clock that is wrong by more than five minutes; two of them may be so far apart. */
const CLOCKS_APART_MILLIS = 10 * 60_000;

/**
 * From the end of a job until nobody works for it any more. How long messages fly does not matter: whoever receives
 * one later reads the status first, and drops it.
 */
export const STRAGGLER_MILLIS = STATUS_CACHE_MILLIS + LONGEST_RUN_MILLIS + CLOCKS_APART_MILLIS;

type Ending = Pick<Job, 'status' | 'startTime' | 'endTime'>;

/** When the last straggler of a job that is deleted now has gone; `undefined`: there is none. */
export function stragglersGone({ status, startTime, endTime = 0 }: Ending, now: number): number | undefined {
  if (startTime === undefined) return undefined;
  const gone = (isFinal(status) ? endTime : now) + STRAGGLER_MILLIS;
  return gone > now ? gone : undefined;
}

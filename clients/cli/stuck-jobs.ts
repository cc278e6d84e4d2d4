import type { Job } from '../client/index.ts';

/** Time without a change after which an unfinished job is stuck. */
const QUIET_MILLIS = 10 * 60_000;

/**
 * True for an unfinished job that is blocked, or whose oldest delayed work (retried, held or waiting) has been delayed
 * for ten minutes. Without delayed work, the time of the last change counts.
 */
export function isStuck(job: Job, now = Date.now()): boolean {
  if (job.status === 'Blocked') return true;
  const { attention, lastUpdateTime, notBefore = 0 } = job;
  if (job.status === 'Waiting' && notBefore > now) return false;
  const since = attention?.longestSince ?? (job.itemsPerMinute ? now : lastUpdateTime);
  return now - since > QUIET_MILLIS;
}

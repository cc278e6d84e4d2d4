/** When somebody has to look at a job although nobody does anything to it, and what for. Pure. */
import { expiryOf } from './expiry.ts';
import type { Job } from './job.ts';

/**
 * `expire`: its time in this status is over · `start`: its delay is over, and it has to look whether it may start ·
 * `clear`: nobody is at its work any more, and what that left can go.
 */
export type DueAction = 'expire' | 'start' | 'clear';

/** Absent where nothing is to happen to the job by itself. */
export function dueTime(job: Job): number | undefined {
  const times = [expiryOf(job)?.time, startTimeOf(job), job.clearDue].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Expiry first: what is over does not start any more. */
export function whatIsDue(job: Job, now: number): DueAction | undefined {
  const isDue = (time = Infinity) => time <= now;
  if (isDue(expiryOf(job)?.time)) return 'expire';
  if (isDue(startTimeOf(job))) return 'start';
  return isDue(job.clearDue) ? 'clear' : undefined;
}

/** Who stands in line is called by those who leave their place. */
function startTimeOf({ status, queued, startDue }: Job): number | undefined {
  return status === 'Waiting' && queued === undefined ? startDue : undefined;
}

/**
 * Decides when the sweeper must act on a job that receives no other event, and which action it takes. Pure.
 */
import { expiryOf } from './expiry.ts';
import type { Job } from './job.ts';

/**
 * `expire`: the job's time in its status is up · `start`: its delay has ended, so it may be able to start ·
 * `clear`: no worker can still write for it, so the rows that its work left can be deleted.
 */
export type DueAction = 'expire' | 'start' | 'clear';

/** Returns the time of the next action; `undefined` if the job needs none. */
export function dueTime(job: Job): number | undefined {
  const times = [expiryOf(job)?.time, startTimeOf(job), job.clearDue].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Expiry comes first, because an expired job must not start. */
export function dueActionOf(job: Job, now: number): DueAction | undefined {
  const isDue = (time = Infinity) => time <= now;
  if (isDue(expiryOf(job)?.time)) return 'expire';
  if (isDue(startTimeOf(job))) return 'start';
  return isDue(job.clearDue) ? 'clear' : undefined;
}

/** A job on the waitlist needs no time: it starts when another job frees its slot. */
function startTimeOf({ status, queued, startDue }: Job): number | undefined {
  return status === 'Waiting' && queued === undefined ? startDue : undefined;
}

/** Automatic expiry and deletion of jobs: the action for a job in its current status, and its time. */
import {
  addDuration,
  DEFAULT_IDLE_LIMIT,
  DEFAULT_RETENTION,
  type ExpiryOperation,
  parseDuration,
  parseExpiryTime,
} from './expiry-policy.ts';
import type { Job } from './job.ts';
import { isFinal, type JobStatus } from './job-status.ts';

type ExpiringJob = Pick<
  Job,
  | 'status'
  | 'createTime'
  | 'lastUpdateTime'
  | 'startTime'
  | 'activeSince'
  | 'expiry'
  | 'retention'
  | 'idleLimit'
  | 'progressSeen'
>;

/**
 * True if the job is Active and has no policy for that status, so that only a lack of progress expires it.
 */
export function expiresWhenIdle({ status, expiry = {} }: Pick<Job, 'status' | 'expiry'>): boolean {
  return status === 'Active' && expiry.active === undefined;
}

function idleExpiry(job: ExpiringJob, progressTime: number) {
  const duration = parseDuration(job.idleLimit ?? DEFAULT_IDLE_LIMIT);
  if (duration === undefined) return undefined;
  const { startTime = job.lastUpdateTime, activeSince = startTime, progressSeen = 0 } = job;
  const since = Math.max(activeSince, progressSeen, progressTime);
  return { time: addDuration(since, duration), operation: 'Expire' as const };
}

/**
 * Returns the automatic action for the job in its current status, and its time; `undefined` if there is none.
 *
 * An Active job without a policy expires some time after its last progress. `progressTime` is the time in its
 * progress row, if the caller has read that row.
 */
export function expiryOf(
  job: ExpiringJob,
  progressTime = 0,
): { readonly time: number; readonly operation: ExpiryOperation } | undefined {
  if (expiresWhenIdle(job)) return idleExpiry(job, progressTime);
  const { status, expiry = {}, retention = DEFAULT_RETENTION } = job;
  const policy = expiry[status.toLowerCase() as Lowercase<JobStatus>];
  const fallback = isFinal(status) ? `lastUpdateTime+${retention}` : 'none';
  const parsed = parseExpiryTime(policy?.expiryTime ?? fallback);
  if (parsed === undefined || parsed.kind === 'none') return undefined;
  const operation = isFinal(status) ? 'Delete' : (policy?.operation ?? 'Expire');
  const time = parsed.kind === 'instant' ? parsed.time : addDuration(job[parsed.start], parsed.duration);
  return { time, operation };
}

/** Returns the expiry time as the policy specifies it, for use in failures. */
export function expiryTimeText({ status, expiry = {} }: Pick<Job, 'status' | 'expiry'>): string {
  return expiry[status.toLowerCase() as Lowercase<JobStatus>]?.expiryTime ?? 'none';
}

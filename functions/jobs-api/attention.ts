/** Work of a job that does not progress now. */
import type { Attention } from '#contract/attention-view.ts';
import { isWaiting, type Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { unmetPrerequisites } from '#core/readiness.ts';

/** Returns the attention of a job that is not final. */
export function attentionOf(job: Job): Attention | undefined {
  if (isFinal(job.status)) return undefined;
  const waitingForPrerequisite = isWaiting(job) ? unmetPrerequisites(job).length : 0;
  const waitingForSlot = job.status === 'Waiting' && job.queued === true ? 1 : 0;
  const times = [
    ...(waitingForPrerequisite > 0 ? [job.createTime] : []),
    ...(waitingForSlot > 0 ? [Math.max(job.createTime, job.startDue ?? 0)] : []),
  ];
  return {
    retrying: 0,
    held: 0,
    waitingForSlot,
    waitingForPrerequisite,
    ...(times.length === 0 ? {} : { longestSince: Math.min(...times) }),
  };
}

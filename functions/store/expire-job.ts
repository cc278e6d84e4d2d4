import { expiresWhenIdle, expiryOf, expiryTimeText } from '#core/expiry.ts';
import { DEFAULT_IDLE_LIMIT } from '#core/expiry-policy.ts';
import type { Failure, Job } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { deleteJob } from './delete-job.ts';
import { dueKeysOf, isUnchanged } from './job-rows.ts';
import { moveJob } from './jobs.ts';
import { jobKey } from './keys.ts';
import { readProgress } from './progress.ts';

/** Applies the expiry policy of a job if it is still due. Returns true if it was applied. */
export async function expireJob(table: Table, dueJob: Job, now: number): Promise<boolean> {
  const operation = expiryOf(dueJob)?.operation;
  const only = (job: Job) => {
    const expiry = expiryOf(job);
    if (expiry === undefined || job.runNumber !== dueJob.runNumber) return false;
    return expiry.operation === operation && expiry.time <= now;
  };
  if (operation === 'Delete') return (await deleteJob(table, dueJob, { now, only })) === 'deleted';
  const failure = expiryFailure(dueJob, now);
  const move = await moveJob(table, dueJob, 'expire', { lastRead: dueJob, now, only, failure });
  return move.kind === 'moved';
}

/**
 * Postpones the expiry of an Active job without a policy if it has made progress since it became due. Returns
 * true if it has. The time of the last progress is read only here, so that progress needs no write to the job
 * row.
 */
export async function postponeIfProgressed(table: Table, job: Job, now: number): Promise<boolean> {
  if (!expiresWhenIdle(job)) return false;
  const { progressTime = 0 } = await readProgress(table, job, { strong: true });
  const expiry = expiryOf(job, progressTime);
  if (expiry === undefined || expiry.time <= now) return false;
  const { duePk, dueSk } = dueKeysOf({ ...job, progressSeen: progressTime });
  const set = { progressSeen: progressTime, duePk, dueSk };
  await table.write({ kind: 'update', key: jobKey(job), change: { set }, when: isUnchanged(job) });
  return true;
}

function expiryFailure(job: Job, now: number): Failure {
  const due = new Date(expiryOf(job)?.time ?? now).toISOString();
  const workText =
    job.startTime === undefined ? 'it never started' : 'its unfinished items are no longer processed';
  return {
    failureId: 'expired',
    failureTime: now,
    failureSource: 'job',
    failureMessage: expiresWhenIdle(job)
      ? `the job was still Active at ${due} and had made no progress for ${job.idleLimit ?? DEFAULT_IDLE_LIMIT}; ` +
        `${workText}. Check its worker, then resubmit the job, or set an expiry policy for active`
      : `the job was still ${job.status} at ${due}, the end of its expiry policy for that status (${expiryTimeText(job)}); ` +
        `${workText}. Resubmit it with a later expiry`,
    code: 'expired',
    attempts: 0,
  };
}

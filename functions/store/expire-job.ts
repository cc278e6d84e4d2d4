import { expiryOf, expiryTimeText } from '#core/expiry.ts';
import type { Failure, Job } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { deleteJob } from './delete-job.ts';
import { moveJob } from './jobs.ts';

/** Does to a job what its policy says, if it is still due then. Answers whether it did. */
export async function expireJob(table: Table, known: Job, now: number): Promise<boolean> {
  const isDue = (job: Job) => job.generation === known.generation && (expiryOf(job)?.time ?? Infinity) <= now;
  if (expiryOf(known)?.operation === 'Delete') {
    return (await deleteJob(table, known, { now, only: isDue })) === 'deleted';
  }
  const failure = expiryFailure(known, now);
  const moved = await moveJob(table, known, 'expire', { known, now, only: isDue, failure });
  return moved.outcome === 'moved';
}

function expiryFailure(job: Job, now: number): Failure {
  const due = new Date(expiryOf(job)?.time ?? now).toISOString();
  const begun =
    job.startTime === undefined ? 'it was not begun' : 'what it had not done is not done any more';
  return {
    failureId: 'expired',
    failureTime: now,
    failureSource: 'job',
    failureMessage:
      `the job was still ${job.status} at ${due}, the end of its policy for that status (${expiryTimeText(job)}); ` +
      `${begun}. Resubmit it with a later expiry`,
    code: 'expired',
    attempts: 0,
  };
}

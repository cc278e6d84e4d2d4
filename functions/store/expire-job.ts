import { expiryOf, expiryTimeText } from '#core/expiry.ts';
import type { Failure, Job } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { deleteJob } from './delete-job.ts';
import { moveJob } from './jobs.ts';

/** Does to a job what its policy says, if that is still due when it is done. Answers whether it was. */
export async function expireJob(table: Table, known: Job, now: number): Promise<boolean> {
  const operation = expiryOf(known)?.operation;
  const only = (job: Job) => {
    const expiry = expiryOf(job);
    if (expiry === undefined || job.generation !== known.generation) return false;
    return expiry.operation === operation && expiry.time <= now;
  };
  if (operation === 'Delete') return (await deleteJob(table, known, { now, only })) === 'deleted';
  const failure = expiryFailure(known, now);
  const moved = await moveJob(table, known, 'expire', { known, now, only, failure });
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

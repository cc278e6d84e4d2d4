/** Waitlist: jobs of a partition that could start, and wait for a free slot. */
import type { Job } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import type { Prerequisite } from '#core/prerequisites.ts';
import { isUnchanged, mirrorWrites, rowOfJob } from './job-rows.ts';
import { queueKey, queuePk } from './keys.ts';

/**
 * Returns the next job to start, by a strongly consistent read. `isBehind` is true if another job would start
 * before it.
 */
export async function firstInQueue(
  table: Table,
  partition: string,
): Promise<{ job: string; isBehind(other: Job): boolean } | undefined> {
  const { rows } = await table.query({ pk: queuePk(partition), limit: 1, strong: true });
  const [row] = rows;
  if (row === undefined) return undefined;
  return { job: String(row['job']), isBehind: (other) => queueKey(other).sk < row.sk };
}

/** Start conditions of a job that has not started. */
export interface StartNotes {
  readonly prerequisites?: readonly Prerequisite[];
  readonly startDue?: number;
  readonly queued?: true;
}

/**
 * Saves the start conditions and clears the follow-up: the job is not checked again until another event wakes
 * it. A job that joins the waitlist keeps its follow-up until its partition has had a turn. Returns
 * `undefined` if the job has changed meanwhile; the change requests a new check itself.
 */
export async function saveStart(table: Table, job: Job, notes: StartNotes): Promise<Job | undefined> {
  const { followUp, ...fields } = job;
  const notedJob: Job = {
    ...fields,
    ...notes,
    ...(notes.queued && followUp && { followUp }),
    startRevision: (job.startRevision ?? 0) + 1,
  };
  const put = { kind: 'put', row: rowOfJob(notedJob), when: isUnchanged(job) } as const;
  const mirrors = mirrorWrites(job, notedJob);
  const result = mirrors.length === 0 ? await table.write(put) : await table.transact([put, ...mirrors]);
  return result.kind === 'written' ? notedJob : undefined;
}

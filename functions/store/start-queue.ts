/** Jobs of a partition that could start, and wait for one of its places. */
import type { Job } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import type { Prerequisite } from '#core/prerequisites.ts';
import { isUnchanged, mirrorWrites, rowOfJob } from './job-rows.ts';
import { queueKey, queuePk } from './keys.ts';

/** The job that is to start next, read strongly. `isBehind` tells whether another one would start before it. */
export async function firstInQueue(
  table: Table,
  partition: string,
): Promise<{ job: string; isBehind(other: Job): boolean } | undefined> {
  const { rows } = await table.query({ pk: queuePk(partition), limit: 1, strong: true });
  const [row] = rows;
  if (row === undefined) return undefined;
  return { job: String(row['job']), isBehind: (other) => queueKey(other).sk < row.sk };
}

/** What is known of the start of a job that has not begun. */
export interface StartNotes {
  readonly prerequisites?: readonly Prerequisite[];
  readonly startDue?: number;
  readonly queued?: true;
}

/**
 * Keeps what was found out, and that it was: the job owes no start any more until it is called again; one that gets
 * in line owes it until there was a turn. `undefined` where it has changed meanwhile; then whoever changed it owes a
 * new look.
 */
export async function noteStart(table: Table, job: Job, notes: StartNotes): Promise<Job | undefined> {
  const { followUp, ...kept } = job;
  const noted: Job = {
    ...kept,
    ...notes,
    ...(notes.queued && followUp && { followUp }),
    startRevision: (job.startRevision ?? 0) + 1,
  };
  const put = { kind: 'put', row: rowOfJob(noted), when: isUnchanged(job) } as const;
  const mirrors = mirrorWrites(job, noted);
  const answer = mirrors.length === 0 ? await table.write(put) : await table.transact([put, ...mirrors]);
  return answer.outcome === 'written' ? noted : undefined;
}

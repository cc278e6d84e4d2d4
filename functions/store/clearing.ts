/**
 * The second cleanup of a job that ended, or was deleted, while its work was in progress. The sweeper
 * requests it once no function can still be working on the job. A cleanup that is already pending is not
 * requested again.
 */
import type { Job, JobRun } from '#core/job.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { dueKeysOf, isRun, isUnchanged } from './job-rows.ts';
import { jobKey, removalKey } from './keys.ts';

const owesNothing: Condition = { attribute: 'followUp', is: 'absent' };

/** Requests that the job's tracking rows be cleared. */
export async function requestClearing(table: Table, job: Job): Promise<void> {
  await table.write({
    kind: 'update',
    key: jobKey(job),
    change: { set: { followUp: 'finish' } },
    when: [...isUnchanged(job), owesNothing],
  });
}

/** Records that everything is cleared. The job stays due only for other reasons. */
export async function recordCleared(table: Table, job: Job): Promise<void> {
  const { clearDue: _clearDue, ...clearedJob } = job;
  const { duePk, dueSk } = dueKeysOf(clearedJob);
  const isDue = duePk !== undefined && dueSk !== undefined;
  await table.write({
    kind: 'update',
    key: jobKey(job),
    change: {
      remove: ['followUp', 'unclearedFrom', 'clearDue', ...(isDue ? [] : ['duePk', 'dueSk'])],
      ...(isDue ? { set: { duePk, dueSk } } : {}),
    },
    when: [...isUnchanged(job), { attribute: 'followUp', is: 'equal', value: 'finish' }],
  });
}

/** Requests the second removal pass of a deleted job if it is due. Returns true if it was. */
export async function requestSecondRemoval(table: Table, run: JobRun, now: number): Promise<boolean> {
  const result = await table.write({
    kind: 'update',
    key: removalKey(run),
    change: { set: { followUp: 'remove' } },
    when: [isRun(run.runNumber), { attribute: 'clearDue', is: 'atMost', value: now }, owesNothing],
  });
  return result.kind === 'written';
}

/** Ends the first pass of a removal. Its row stays until the second pass. */
export async function endFirstPass(table: Table, run: JobRun): Promise<void> {
  await table.write({
    kind: 'update',
    key: removalKey(run),
    change: { remove: ['followUp'] },
    when: [isRun(run.runNumber)],
  });
}

/** True if the removal needs a second pass later. */
export function isFirstPass({ clearDue }: Row, now: number): boolean {
  return clearDue !== undefined && Number(clearDue) > now;
}

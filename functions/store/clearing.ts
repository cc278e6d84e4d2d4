/**
 * The second pass over what a job left that ended, or was deleted, in the midst of its work. The sweeper calls it once
 * nobody can be at that work any more; a call that is owed already is not repeated.
 */
import type { Job, JobRun } from '#core/job.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { dueKeysOf, isGeneration, isUnchanged } from './job-rows.ts';
import { jobKey, removalKey } from './keys.ts';

const owesNothing: Condition = { attribute: 'followUp', is: 'absent' };

/** Lets the job clear its tracking. */
export async function callToClear(table: Table, job: Job): Promise<void> {
  await table.write({
    kind: 'update',
    key: jobKey(job),
    change: { set: { followUp: 'finish' } },
    when: [...isUnchanged(job), owesNothing],
  });
}

/** All is cleared; the job is looked at only for what else is to happen to it. */
export async function noteCleared(table: Table, job: Job): Promise<void> {
  const { clearDue: _clearDue, ...cleared } = job;
  const { duePk, dueSk } = dueKeysOf(cleared);
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

/** Lets the removal of a deleted generation be done once more, if it is time. Answers whether it was. */
export async function callToRemove(table: Table, run: JobRun, now: number): Promise<boolean> {
  const answer = await table.write({
    kind: 'update',
    key: removalKey(run),
    change: { set: { followUp: 'remove' } },
    when: [isGeneration(run.generation), { attribute: 'clearDue', is: 'atMost', value: now }, owesNothing],
  });
  return answer.outcome === 'written';
}

/** The first pass of a removal is done: its row stays until the second. */
export async function awaitStragglers(table: Table, run: JobRun): Promise<void> {
  await table.write({
    kind: 'update',
    key: removalKey(run),
    change: { remove: ['followUp'] },
    when: [isGeneration(run.generation)],
  });
}

/** Whether a removal, as its row says, has to be done once more later. */
export function isFirstPass({ clearDue }: Row, now: number): boolean {
  return clearDue !== undefined && Number(clearDue) > now;
}

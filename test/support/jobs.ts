import type { BatchPlan, Job, JobKey } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { insertJob, type NewJob } from '../../functions/store/insert-job.ts';
import { clearFollowUp, moveJob } from '../../functions/store/jobs.ts';

export const JOB: JobKey = { partition: 'p', job: 'j' };
export const RUN = { ...JOB, runNumber: 1 };

export function aDraft({
  plan,
  ...fields
}: Partial<Omit<NewJob, 'plan'>> & { plan?: Partial<BatchPlan> } = {}) {
  const draft: NewJob = {
    ...JOB,
    createTime: 1_767_225_600_000,
    labels: {},
    priority: 4,
    createdBy: 'tester',
    requestHash: 'hash',
    ...fields,
    plan: {
      splitter: 'range',
      worker: 'work',
      pipeline: [],
      itemsPerTask: 10,
      onItemFailure: 'continue',
      maxAttempts: 3,
      outcomes: 'all',
      ...plan,
    },
  };
  return draft;
}

/** A job whose root batch is on its way. */
export async function anActiveJob(table: Table, fields: Parameters<typeof aDraft>[0] = {}): Promise<Job> {
  const draft = aDraft(fields);
  await insertJob(table, draft, { body: '{"batch":{}}' });
  const moveResult = await moveJob(table, draft, 'dispatch', { now: draft.createTime, followUp: 'launch' });
  if (moveResult.kind !== 'moved') throw new Error(`job '${draft.job}' could not start: ${moveResult.kind}`);
  await clearFollowUp(table, moveResult.job, 'launch');
  return moveResult.job;
}

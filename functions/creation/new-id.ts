/** The id of a job that is created without one: a new one, or that of the same request before. */
import { refusal } from '#contract/problem.ts';
import type { ApiTools } from '../jobs-api/request.ts';
import { readJob } from '../store/jobs.ts';
import { jobKey } from '../store/keys.ts';
import { jobOfIdempotencyKey } from './idempotency.ts';

export interface NewIdRequest {
  readonly partition: string;
  /** The header Idempotency-Key. */
  readonly key: string | undefined;
  readonly requestHash: string;
}

export async function newId({ partition, key, requestHash }: NewIdRequest, tools: ApiTools): Promise<string> {
  if (key === undefined) return tools.random.id();
  const { job, isRepeat } = await jobOfIdempotencyKey({ partition, key, requestHash }, tools);
  if (isRepeat) await refuseDeleted(partition, job, tools);
  return job;
}

/** A job that was deleted since must not come back because an old request is repeated. */
async function refuseDeleted(partition: string, job: string, { table }: ApiTools): Promise<void> {
  if ((await readJob(table, { partition, job })) !== undefined) return;
  const { row } = await table.get(jobKey({ partition, job }), { strong: true, attributes: ['pk'] });
  if (row === undefined) return;
  throw refusal(
    'idempotency-key-spent',
    `job '${job}', which this Idempotency-Key created, was deleted; use a new key for a new job`,
  );
}

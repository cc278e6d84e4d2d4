import { refusal } from '#contract/problem.ts';
import { readJob } from '../../store/jobs.ts';
import { jobKey } from '../../store/keys.ts';
import { create, createdResponse, jobExists, jobPath, requestHash } from '../create.ts';
import { checkKey, jobOfKey, type KeyedJob } from '../idempotency.ts';
import type { ApiRequest, ApiTools, OperationHandler } from '../request.ts';

export const createJob: OperationHandler<'createJob'> = async (request, tools) => {
  const { p: partition } = request.parameters;
  const { job: id, isRepeat } = await chooseId(request, tools);
  if (isRepeat) await refuseDeleted(partition, id, tools);
  const { outcome, job } = await create({ partition, job: id }, request, tools);
  if (outcome === 'exists') throw jobExists(job);
  return createdResponse(job, request.reference(jobPath(job)), tools);
};

async function chooseId(request: ApiRequest<'createJob'>, tools: ApiTools): Promise<KeyedJob> {
  const key = request.header('Idempotency-Key');
  if (key === undefined) return { job: tools.random.id(), isRepeat: false };
  checkKey(key);
  return jobOfKey({ partition: request.parameters.p, key, requestHash: requestHash(request) }, tools);
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

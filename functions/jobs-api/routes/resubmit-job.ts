import { createJobBody } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';
import { FINAL_STATUSES, isFinal } from '#core/job-status.ts';
import { canonicalJson, sha256 } from '../../creation/canonical.ts';
import { type Creation, create, createdResponse, jobExists, jobPath } from '../../creation/create.ts';
import { newId } from '../../creation/new-id.ts';
import { wrongBody } from '../../creation/wrong-input.ts';
import { readRequest } from '../../store/requests.ts';
import { existingJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { ApiRequest, ApiTools, OperationHandler } from '../request.ts';

export const resubmitJob: OperationHandler<'resubmitJob'> = async (request, tools) => {
  const source = await existingJob(request.parameters, tools);
  if (!isFinal(source.status)) throw notFinal(source);
  const creation = await creationOf(source, request, tools);
  const { id } = request.body ?? {};
  // The request is the same, and the job would be taken for the one that is wished.
  if (id === source.job) throw jobExists(source);
  const job = id ?? (await freshId(source, request, tools));
  const created = await create({ partition: source.partition, job }, creation, tools);
  if (created.outcome === 'exists') throw jobExists(created.job);
  // As PUT does: the id has that very request already.
  if (created.outcome === 'same' && id !== undefined) return { status: 204 };
  return createdResponse(created.job, request.reference(jobPath(created.job)), tools);
};

/** Checked like a body that has just come: what is deployed may be other workers than then. */
async function creationOf(
  source: Job,
  { caller }: ApiRequest<'resubmitJob'>,
  { table, objects }: ApiTools,
): Promise<Creation> {
  const sentBody = await readRequest(table, objects, source);
  if (sentBody === undefined) throw noSuchJob(source);
  const parsed = createJobBody.safeParse(sentBody);
  if (!parsed.success) throw wrongBody(parsed.error.issues);
  return { body: parsed.data, sentBody, caller, reason: `resubmit of '${source.job}'` };
}

/** A key says which resubmission of which job is meant, not just what the new job shall be. */
function freshId(source: Job, { header }: ApiRequest<'resubmitJob'>, tools: ApiTools): Promise<string> {
  const { partition, job, generation, requestHash } = source;
  const hash = sha256(canonicalJson({ resubmit: job, generation, requestHash }));
  return newId({ partition, key: header('Idempotency-Key'), requestHash: hash }, tools);
}

function notFinal({ job, status }: Job) {
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(FINAL_STATUSES);
  return refusal(
    'invalid-transition',
    `job '${job}' is ${status}; only a job that is ${allowed} can be resubmitted. Wait for its end, or cancel it`,
  );
}

import { createJobBody } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';
import { FINAL_STATUSES, isFinal } from '#core/job-status.ts';
import { canonicalJson, sha256 } from '../../creation/canonical.ts';
import { type CreationRequest, createJobWithId } from '../../creation/create-job.ts';
import { createJobWithKey } from '../../creation/idempotency.ts';
import { invalidBody } from '../../creation/wrong-input.ts';
import type { CreatedJob } from '../../store/insert-job.ts';
import { readRequest } from '../../store/requests.ts';
import { createdResponse, jobExists, jobPath } from '../created-job.ts';
import { existingJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { ApiPorts, ApiRequest, OperationHandler } from '../request.ts';

type ResubmitRequest = ApiRequest<'resubmitJob'>;

export const resubmitJob: OperationHandler<'resubmitJob'> = async (request, ports) => {
  const { id } = request.body ?? {};
  const created =
    id === undefined ? await resubmitWithNewId(request, ports) : await resubmitWithId(id, request, ports);
  if (created.kind === 'exists') throw jobExists(created.job);
  // Responds like PUT: the job with this id already has the same request.
  if (created.kind === 'same' && id !== undefined) return { status: 204 };
  return createdResponse(created.job, request.reference(jobPath(created.job)), ports);
};

async function resubmitWithId(id: string, request: ResubmitRequest, ports: ApiPorts): Promise<CreatedJob> {
  const { source, creation } = await creationFromSource(request, ports);
  // The stored request is the same, so the source would look like the requested new job.
  if (id === source.job) throw jobExists(source);
  return createJobWithId({ partition: source.partition, job: id }, creation, ports);
}

/**
 * Hashes the id of the source, not the body of the new job. A repeated request then finds the new job even if the source
 * was retried or deleted in between.
 */
function resubmitWithNewId(request: ResubmitRequest, ports: ApiPorts): Promise<CreatedJob> {
  const { p: partition, j: job } = request.parameters;
  return createJobWithKey(
    {
      partition,
      key: request.header('Idempotency-Key'),
      requestHash: sha256(canonicalJson({ resubmit: job })),
      creation: async () => (await creationFromSource(request, ports)).creation,
    },
    ports,
  );
}

/** Checks the stored body like a new one, because other workers may be deployed now. */
async function creationFromSource(
  { parameters, caller }: ResubmitRequest,
  ports: ApiPorts,
): Promise<{ source: Job; creation: CreationRequest }> {
  const source = await existingJob(parameters, ports);
  if (!isFinal(source.status)) throw notFinal(source);
  const sentBody = await readRequest(ports.table, ports.objects, source);
  if (sentBody === undefined) throw noSuchJob(source);
  const parsed = createJobBody.safeParse(sentBody);
  if (!parsed.success) throw invalidBody(parsed.error.issues);
  const creation = { body: parsed.data, sentBody, caller, reason: `resubmit of '${source.job}'` };
  return { source, creation };
}

function notFinal({ job, status }: Job) {
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(FINAL_STATUSES);
  return refusal(
    'invalid-transition',
    `job '${job}' is ${status}; only a job that is ${allowed} can be resubmitted. Wait until it is final or cancel it`,
  );
}

import { createJobBody } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import type { Job } from '#core/job.ts';
import { FINAL_STATUSES, isFinal } from '#core/job-status.ts';
import { canonicalJson, sha256 } from '../../creation/canonical.ts';
import { type Creation, create, createdResponse, jobExists, jobPath } from '../../creation/create.ts';
import { createUnderKey } from '../../creation/idempotency.ts';
import { wrongBody } from '../../creation/wrong-input.ts';
import type { Created } from '../../store/jobs.ts';
import { readRequest } from '../../store/requests.ts';
import { existingJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { ApiRequest, ApiTools, OperationHandler } from '../request.ts';

type ResubmitRequest = ApiRequest<'resubmitJob'>;

export const resubmitJob: OperationHandler<'resubmitJob'> = async (request, tools) => {
  const { id } = request.body ?? {};
  const created = id === undefined ? await underNewId(request, tools) : await underId(id, request, tools);
  if (created.outcome === 'exists') throw jobExists(created.job);
  // As PUT does: the id has that very request already.
  if (created.outcome === 'same' && id !== undefined) return { status: 204 };
  return createdResponse(created.job, request.reference(jobPath(created.job)), tools);
};

async function underId(id: string, request: ResubmitRequest, tools: ApiTools): Promise<Created> {
  const { source, creation } = await creationOf(request, tools);
  // The request is the same, and the job would be taken for the one that is wished.
  if (id === source.job) throw jobExists(source);
  return create({ partition: source.partition, job: id }, creation, tools);
}

/**
 * The key says which job is resubmitted, not just what the new job shall be. It finds the new job even if the old one
 * was retried or deleted in between.
 */
function underNewId(request: ResubmitRequest, tools: ApiTools): Promise<Created> {
  const { p: partition, j: job } = request.parameters;
  return createUnderKey(
    {
      partition,
      key: request.header('Idempotency-Key'),
      requestHash: sha256(canonicalJson({ resubmit: job })),
      creation: async () => (await creationOf(request, tools)).creation,
    },
    tools,
  );
}

/** Checked like a body that has just come: what is deployed may be other workers than then. */
async function creationOf(
  { parameters, caller }: ResubmitRequest,
  tools: ApiTools,
): Promise<{ source: Job; creation: Creation }> {
  const source = await existingJob(parameters, tools);
  if (!isFinal(source.status)) throw notFinal(source);
  const sentBody = await readRequest(tools.table, tools.objects, source);
  if (sentBody === undefined) throw noSuchJob(source);
  const parsed = createJobBody.safeParse(sentBody);
  if (!parsed.success) throw wrongBody(parsed.error.issues);
  const creation = { body: parsed.data, sentBody, caller, reason: `resubmit of '${source.job}'` };
  return { source, creation };
}

function notFinal({ job, status }: Job) {
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(FINAL_STATUSES);
  return refusal(
    'invalid-transition',
    `job '${job}' is ${status}; only a job that is ${allowed} can be resubmitted. Wait for its end, or cancel it`,
  );
}

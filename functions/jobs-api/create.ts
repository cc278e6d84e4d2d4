/** Creating a job, for all routes that do: what is wrong is told before anything is written. */
import type { Claims } from '#contract/claims.ts';
import type { BatchRequest, CreateJobBody } from '#contract/create-job.ts';
import { jobView } from '#contract/job-view.ts';
import { refusal } from '#contract/problem.ts';
import type { BatchPlan, Job, JobKey } from '#core/job.ts';
import { type Created, createJob, type NewJob, readJob } from '../store/jobs.ts';
import { progressOfRow } from '../store/progress.ts';
import { captureRequest } from '../store/requests.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { jobEtag } from './etag.ts';
import { checkBatch } from './registry.ts';
import type { ApiResponse, ApiTools } from './request.ts';
import { translateTask } from './translate-task.ts';

export interface Creation {
  readonly body: CreateJobBody;
  readonly sentBody: unknown;
  readonly caller: Claims;
}

/** The same body has the same hash, in whatever order its members come. */
export function requestHash({ sentBody }: Creation): string {
  return sha256(canonicalJson(sentBody));
}

/** Creates the job unless one stands there; a repeat of the same request is told from another one. */
export async function create(key: JobKey, creation: Creation, tools: ApiTools): Promise<Created> {
  const { table, objects, random } = tools;
  const batch = batchOf(creation.body, tools);
  const draft = draftOf(key, creation, batch, tools);
  const standing = await readJob(table, key);
  if (standing !== undefined) {
    return { outcome: standing.requestHash === draft.requestHash ? 'same' : 'exists', job: standing };
  }
  const { sentBody: request } = creation;
  // What a request says by itself needs no second copy.
  const work = creation.body.batch === undefined ? { request, batch } : { request };
  return createJob(table, draft, await captureRequest(objects, key, work, random.id()));
}

/** The work of a job as a batch, in whatever form it was asked for; checked against what is deployed. */
function batchOf({ batch, task }: CreateJobBody, { registry, log }: ApiTools): BatchRequest {
  if (task !== undefined) return translateTask(task, registry, log);
  if (batch === undefined) throw new Error('a body came through its schema without saying its work');
  checkBatch(batch, registry, log);
  return batch;
}

function draftOf(key: JobKey, creation: Creation, batch: BatchRequest, { clock }: ApiTools): NewJob {
  const { name, description, externalData, labels, priority, hold } = creation.body;
  return {
    partition: key.partition,
    job: key.job,
    createTime: clock.now(),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(externalData === undefined ? {} : { externalData }),
    labels,
    priority,
    hold,
    createdBy: creation.caller.sub,
    plan: planOf(batch),
    requestHash: requestHash(creation),
  };
}

function planOf(batch: BatchRequest): BatchPlan {
  const { splitter, worker, pipeline, itemsPerTask, onItemFailure, maxAttempts, outcomes } = batch;
  return { splitter, worker, pipeline, itemsPerTask, onItemFailure, maxAttempts, outcomes };
}

export function createdResponse(job: Job, location: string, { clock }: ApiTools): ApiResponse {
  const progress = progressOfRow(undefined);
  return {
    status: 201,
    body: jobView({ job, progress, now: clock.now() }),
    headers: { Location: location, ETag: jobEtag(job, progress) },
  };
}

export function jobPath({ partition, job }: JobKey): string {
  return `/partitions/${encodeURIComponent(partition)}/jobs/${encodeURIComponent(job)}`;
}

export function jobExists(job: Job) {
  return refusal(
    'job-exists',
    `job '${job.job}' exists with another body (status ${job.status}); choose another id, or delete that job first`,
  );
}

/** Creating a job, for all routes that do: what is wrong is told before anything is written. */
import type { Claims } from '#contract/claims.ts';
import { type BatchRequest, type CreateJobBody, jobLabels } from '#contract/create-job.ts';
import { type JobView, jobView } from '#contract/job-view.ts';
import { refusal } from '#contract/problem.ts';
import { DEFAULT_IDLE_LIMIT, DEFAULT_RETENTION, type Expiry } from '#core/expiry.ts';
import type { BatchPlan, Job, JobKey } from '#core/job.ts';
import type { PartitionSettings } from '#core/partition-settings.ts';
import type { Write } from '#core/ports.ts';
import { jobEtag } from '../jobs-api/etag.ts';
import type { ApiResponse, ApiTools } from '../jobs-api/request.ts';
import {
  type CapturedRequest,
  type Claimed,
  type Created,
  createJob,
  type NewJob,
  readJob,
} from '../store/jobs.ts';
import { readPartition } from '../store/partitions.ts';
import { progressOfRow } from '../store/progress.ts';
import { captureRequest, type RequestedWork } from '../store/requests.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { startOf } from './prerequisites.ts';
import { checkBatch } from './registry.ts';
import { type TemplateRequest, templateWork } from './template-work.ts';
import { asMappingFault, type Translation, translate } from './translate.ts';
import { translateTask } from './translate-task.ts';
import { wrongBody } from './wrong-input.ts';

export interface Creation {
  readonly body: CreateJobBody;
  readonly sentBody: unknown;
  readonly caller: Claims;
  /** Where the job comes from, if it is not from a body of its own. */
  readonly reason?: string;
}

/** The same body has the same hash, in whatever order its members come. */
export function requestHash({ sentBody }: Creation): string {
  return sha256(canonicalJson(sentBody));
}

/** Creates the job unless one stands there; a repeat of the same request is told from another one. */
export async function create(key: JobKey, creation: Creation, tools: ApiTools): Promise<Created> {
  // First of all: a repeat is answered as before, though what the body names may have changed since.
  const standing = await readJob(tools.table, key);
  if (standing !== undefined) {
    const isSame = standing.requestHash === requestHash(creation);
    return { outcome: isSame ? 'same' : 'exists', job: standing };
  }
  const { draft, captured } = await prepare(key, creation, tools);
  return createJob(tools.table, draft, captured);
}

/** Creates the job under an id that was never used, together with the claim of an Idempotency-Key. */
export async function createWithClaim(
  key: JobKey,
  creation: Creation,
  tools: ApiTools,
  claimBy: (job: Job) => Write,
): Promise<Created | Claimed> {
  const { draft, captured } = await prepare(key, creation, tools);
  const created = await createJob(tools.table, draft, captured, claimBy);
  // Another job has the key, so no row refers to this object.
  if (created.outcome === 'claimed' && 'key' in captured && created.row['job'] !== key.job)
    await tools.objects.delete([captured.key]);
  return created;
}

/** Checks everything and captures the request; nothing of it is seen before the job is written. */
async function prepare(
  key: JobKey,
  creation: Creation,
  tools: ApiTools,
): Promise<{ draft: NewJob; captured: CapturedRequest }> {
  const { table, objects, random } = tools;
  const work = await workOf(key, creation, tools);
  const start = await startOf(key, creation.body, tools);
  const { settings } = await readPartition(table, key.partition);
  const { sentBody: request } = creation;
  const captured = await captureRequest(objects, key, { request, ...work.captured }, random.id());
  const { name, description, externalData, hold } = creation.body;
  const draft: NewJob = {
    partition: key.partition,
    job: key.job,
    createTime: tools.clock.now(),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(externalData === undefined ? {} : { externalData }),
    hold,
    createdBy: creation.caller.sub,
    ...work.job,
    priority: priorityOf(creation, work.mappedPriority, settings),
    ...start,
    ...keptAs(creation.body, settings),
    ...(tools.idleLimit === DEFAULT_IDLE_LIMIT ? {} : { idleLimit: tools.idleLimit }),
    requestHash: requestHash(creation),
    ...(creation.reason === undefined ? {} : { reason: creation.reason }),
  };
  return { draft, captured };
}

/** When it goes by itself: the body's own policies before those of the partition. */
function keptAs(
  { expiry }: CreateJobBody,
  { defaults, retention }: PartitionSettings,
): Pick<NewJob, 'expiry' | 'retention'> {
  const policies = Object.entries({ ...defaults.expiry, ...expiry }).filter(
    ([, policy]) => policy !== undefined,
  );
  return {
    ...(policies.length === 0 ? {} : { expiry: Object.fromEntries(policies) as Expiry }),
    ...(retention === DEFAULT_RETENTION ? {} : { retention }),
  };
}

/** The caller's own counts most, then that of a job type's mapping, then that of the partition. */
function priorityOf(
  { body, sentBody }: Creation,
  mapped: number | undefined,
  { defaults }: PartitionSettings,
): number {
  const isSent = (sentBody as { readonly priority?: unknown }).priority !== undefined;
  return isSent ? body.priority : (mapped ?? defaults.priority ?? body.priority);
}

/** What a body asks to be done, whatever form it has. */
interface Work {
  readonly job: Pick<
    NewJob,
    'labels' | 'plan' | 'type' | 'typeVersion' | 'template' | 'templateVersion' | 'flow'
  >;
  readonly mappedPriority?: number | undefined;
  /** What was made of the body, to be kept beside it. */
  readonly captured?: Omit<RequestedWork, 'request'>;
}

async function workOf(key: JobKey, creation: Creation, tools: ApiTools): Promise<Work> {
  const { batch, type, template, task, parameters, items, labels } = creation.body;
  if (task !== undefined) {
    const translated = translateTask(task, { ...tools, partition: key.partition });
    return { job: { labels, plan: planOf(translated) }, captured: { batch: translated } };
  }
  if (type !== undefined) {
    return typedWork(key, creation, await translate(key, { type, parameters }, tools), tools);
  }
  if (template !== undefined) {
    const { job, captured } = await flowWork(key, { template, parameters, items }, tools);
    return { job: { labels, ...job }, captured };
  }
  if (batch === undefined) throw new Error('a body came through its schema without work');
  return { job: { labels, plan: checkedPlan(key, batch, tools) } };
}

async function flowWork(key: JobKey, request: TemplateRequest, tools: ApiTools) {
  const { flowPlan, ...job } = await templateWork(key, request, tools);
  return { job, captured: { flow: flowPlan } };
}

/** The caller's own labels count more than those of the mapping. */
async function typedWork(
  key: JobKey,
  { body }: Creation,
  { type, work, ...mapped }: Translation,
  tools: ApiTools,
): Promise<Work> {
  return asMappingFault(type, async () => {
    const { job, captured } =
      'template' in work
        ? await flowWork(key, work, tools)
        : { job: { plan: checkedPlan(key, work, tools) }, captured: { batch: work } };
    const labels = mergedLabels(mapped.labels, body.labels);
    const typed = { labels, ...job, type: type.name, typeVersion: type.version };
    return { job: typed, mappedPriority: mapped.priority, captured };
  });
}

/** Refuses a batch that names what is not deployed. */
function checkedPlan({ partition }: JobKey, batch: BatchRequest, tools: ApiTools): BatchPlan {
  checkBatch(batch, { ...tools, partition });
  return planOf(batch);
}

function planOf(batch: BatchRequest): BatchPlan {
  const { splitter, worker, pipeline, itemsPerTask, onItemFailure, maxAttempts, outcomes } = batch;
  return { splitter, worker, pipeline, itemsPerTask, onItemFailure, maxAttempts, outcomes };
}

function mergedLabels(mapped: Job['labels'], own: Job['labels']): Job['labels'] {
  const merged = jobLabels.safeParse({ ...mapped, ...own });
  if (merged.success) return merged.data;
  throw wrongBody(merged.error.issues, ['labels']);
}

export function createdResponse(job: Job, location: string, { clock }: ApiTools): ApiResponse<JobView> {
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

/** Creates jobs for every caller. All checks run before anything is written. */
import type { Claims } from '#contract/claims.ts';
import { type BatchRequest, type CreateJobBody, jobLabels } from '#contract/create-job.ts';
import { DEFAULT_IDLE_LIMIT, DEFAULT_RETENTION, type Expiry } from '#core/expiry-policy.ts';
import type { BatchPlan, Job, JobKey } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { PartitionSettings } from '#core/partition-settings.ts';
import type { Write } from '#core/ports.ts';
import {
  type CapturedRequest,
  type ClaimedKey,
  type CreatedJob,
  insertJob,
  type NewJob,
} from '../store/insert-job.ts';
import { readJob } from '../store/jobs.ts';
import { readPartition } from '../store/partitions.ts';
import { captureRequest, type RequestedWork } from '../store/requests.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { checkBatch } from './check-batch.ts';
import { applyJobType, asMappingFault, type MappedJob } from './job-type-work.ts';
import type { CreationPorts } from './ports.ts';
import { startConditions } from './prerequisites.ts';
import { type BatchDeployment, itemsPerTaskOf, schemaCompiler } from './registry.ts';
import { translateTask } from './task-work.ts';
import { type TemplateRequest, templateWork } from './template-work.ts';
import { invalidBody } from './wrong-input.ts';

export interface CreationRequest {
  readonly body: CreateJobBody;
  readonly sentBody: unknown;
  readonly caller: Claims;
  /** Origin of the job, if it was not created from a body of a request. */
  readonly reason?: string;
}

/** Returns the hash of the body, which does not depend on the order of its members. */
export function requestHash({ sentBody }: CreationRequest): string {
  return sha256(canonicalJson(sentBody));
}

/**
 * Creates the job unless the id is taken. Returns `same` if the existing job came from the same body, and `exists` if it
 * came from another one.
 */
export async function createJobWithId(
  key: JobKey,
  creation: CreationRequest,
  ports: CreationPorts,
): Promise<CreatedJob> {
  // Check this first: a repeated request must return the same result even if the deployment has changed since.
  const existingJob = await readJob(ports.table, key);
  if (existingJob !== undefined) {
    const isSame = existingJob.requestHash === requestHash(creation);
    return { kind: isSame ? 'same' : 'exists', job: existingJob };
  }
  const { draft, captured } = await prepare(key, creation, ports);
  return insertJob(ports.table, draft, captured);
}

/** Creates the job under an unused id and claims its Idempotency-Key in the same transaction. */
export async function createJobWithClaim(
  key: JobKey,
  creation: CreationRequest,
  ports: CreationPorts,
  claimBy: (job: Job) => Write,
): Promise<CreatedJob | ClaimedKey> {
  const { draft, captured } = await prepare(key, creation, ports);
  const created = await insertJob(ports.table, draft, captured, claimBy);
  // Another job claimed the key first, so no row refers to this object.
  if (created.kind === 'claimed' && 'key' in captured && created.row['job'] !== key.job)
    await ports.objects.delete([captured.key]);
  return created;
}

/** Runs all checks and stores the request. The stored request has no effect until the job is written. */
async function prepare(
  key: JobKey,
  creation: CreationRequest,
  ports: CreationPorts,
): Promise<{ draft: NewJob; captured: CapturedRequest }> {
  const { table, objects, random } = ports;
  const work = await workOf(key, creation, ports);
  const start = await startConditions(key, creation.body, ports);
  const { settings } = await readPartition(table, key.partition);
  const { sentBody: request } = creation;
  const captured = await captureRequest(objects, key, { request, ...work.captured }, random.id());
  const { name, description, externalData, hold } = creation.body;
  const draft: NewJob = {
    partition: key.partition,
    job: key.job,
    createTime: ports.clock.now(),
    ...omitUndefined({ name, description, externalData }),
    hold,
    createdBy: creation.caller.sub,
    ...work.job,
    priority: priorityOf(creation, work.mappedPriority, settings),
    ...start,
    ...lifetimeOf(creation.body, settings),
    ...(ports.idleLimit === DEFAULT_IDLE_LIMIT ? {} : { idleLimit: ports.idleLimit }),
    requestHash: requestHash(creation),
    ...omitUndefined({ reason: creation.reason }),
  };
  return { draft, captured };
}

/** Returns the expiry and retention. Policies of the body override the defaults of the partition. */
function lifetimeOf(
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

/** Returns the priority of the body, else of the mapping of its job type, else of the partition. */
function priorityOf(
  { body, sentBody }: CreationRequest,
  mapped: number | undefined,
  { defaults }: PartitionSettings,
): number {
  const isSent = (sentBody as { readonly priority?: unknown }).priority !== undefined;
  return isSent ? body.priority : (mapped ?? defaults.priority ?? body.priority);
}

/** The work that a request body describes, in any of its four forms. */
interface Work {
  readonly job: Pick<
    NewJob,
    'labels' | 'plan' | 'type' | 'typeVersion' | 'template' | 'templateVersion' | 'flow'
  >;
  readonly mappedPriority?: number | undefined;
  /** Results of evaluating the body, stored with the request. */
  readonly captured?: Omit<RequestedWork, 'request'>;
}

async function workOf(key: JobKey, creation: CreationRequest, ports: CreationPorts): Promise<Work> {
  const { batch, type, template, task, parameters, items, labels } = creation.body;
  if (task !== undefined) {
    const batchOfTask = translateTask(task, await deploymentFor(key, ports));
    return { job: { labels, plan: planOf(batchOfTask, ports) }, captured: { batch: batchOfTask } };
  }
  if (type !== undefined) {
    return typedWork(key, creation, await applyJobType(key, { type, parameters }, ports), ports);
  }
  if (template !== undefined) {
    const { job, captured } = await flowWork(key, { template, parameters, items }, ports);
    return { job: { labels, ...job }, captured };
  }
  if (batch === undefined) throw new Error('a request body passed its schema but describes no work');
  return { job: { labels, plan: await checkedPlan(key, batch, ports) } };
}

async function flowWork(key: JobKey, request: TemplateRequest, ports: CreationPorts) {
  const { flowPlan, ...job } = await templateWork(key, request, ports);
  return { job, captured: { flow: flowPlan } };
}

/** Labels of the request override labels of the mapping. */
async function typedWork(
  key: JobKey,
  { body }: CreationRequest,
  { type, work, ...mapped }: MappedJob,
  ports: CreationPorts,
): Promise<Work> {
  return asMappingFault(type, async () => {
    const { job, captured } =
      'template' in work
        ? await flowWork(key, work, ports)
        : { job: { plan: await checkedPlan(key, work, ports) }, captured: { batch: work } };
    const labels = mergedLabels(mapped.labels, body.labels);
    const jobMembers = { labels, ...job, type: type.name, typeVersion: type.version };
    return { job: jobMembers, mappedPriority: mapped.priority, captured };
  });
}

/** Refuses a batch that names a splitter or worker that is not deployed. */
async function checkedPlan(key: JobKey, batch: BatchRequest, ports: CreationPorts): Promise<BatchPlan> {
  checkBatch(batch, await deploymentFor(key, ports));
  return planOf(batch, ports);
}

async function deploymentFor({ partition }: JobKey, ports: CreationPorts): Promise<BatchDeployment> {
  return { ...ports, partition, compileSchema: await schemaCompiler() };
}

function planOf(batch: BatchRequest, ports: CreationPorts): BatchPlan {
  const { splitter, worker, pipeline, onItemFailure, maxAttempts, outcomes } = batch;
  const itemsPerTask = batch.itemsPerTask ?? itemsPerTaskOf([worker, ...pipeline], ports);
  return { splitter, worker, pipeline, itemsPerTask, onItemFailure, maxAttempts, outcomes };
}

function mergedLabels(mapped: Job['labels'], own: Job['labels']): Job['labels'] {
  const merged = jobLabels.safeParse({ ...mapped, ...own });
  if (merged.success) return merged.data;
  throw invalidBody(merged.error.issues, ['labels']);
}

/** The entry of the client: one service, and one partition of it. */
import {
  actOnJobs,
  type BulkCriteria,
  BulkOperationHandle,
  type BulkOptions,
  type BulkResult,
} from './bulk.ts';
import { Documents } from './documents.ts';
import { type JobQuery, queryOf } from './job-criteria.ts';
import { JobHandle, type ResubmitOptions } from './job-handle.ts';
import { List, type ListOptions } from './list.ts';
import { randomKey } from './random-key.ts';
import { type CallOptions, Transport, type TransportOptions } from './transport.ts';
import type {
  Activity,
  Alarm,
  Health,
  Job,
  JobRequest,
  JobStats,
  JobType,
  JobTypeRequest,
  JobTypeSummary,
  PartitionSettings,
  PartitionSettingsRequest,
  Queue,
  ResultPart,
  Splitter,
  StoredUpload,
  Template,
  TemplateRequest,
  TemplateSummary,
  UnroutableMessage,
  UnroutableMessagesResult,
  Worker,
} from './types.ts';
import { type Upload, type UploadOptions, type UploadSource, upload } from './upload.ts';

export interface JobtreeOptions extends TransportOptions {
  /** Partition of all calls. @default none; `partition()` selects one */
  readonly partition?: string | undefined;
}

/** Same members as for resubmitting a job. */
export type CreateOptions = ResubmitOptions;

export interface JobListOptions extends JobQuery, ListOptions {
  /** `<field>:<asc|desc>`. @default createTime:desc */
  readonly sort?: string | undefined;
  /** Number of jobs to skip. */
  readonly offset?: number | undefined;
}

export interface SettingsOptions extends CallOptions {
  /** The change applies only if the settings have this ETag; otherwise it throws a ConflictError. */
  readonly ifMatch?: string | undefined;
}

export interface ActivityOptions extends CallOptions {
  /** Length of the period, 1 to 24 hours. @default 24 */
  readonly hours?: number | undefined;
}

const UNROUTABLE = ['queues', 'unroutable', 'messages'];

type Templates = Documents<Template, TemplateSummary, TemplateRequest>;
type JobTypes = Documents<JobType, JobTypeSummary, JobTypeRequest>;

export class Jobtree {
  readonly #transport: Transport;
  readonly #partition: string | undefined;

  /** `partition()` passes the transport, so that all partitions share one token. */
  constructor(options: JobtreeOptions, transport: Transport = new Transport(options)) {
    this.#transport = transport;
    this.#partition = options.partition;
  }

  get url(): string {
    return this.#transport.url;
  }

  /** Returns the same client for another partition. */
  partition(partition: string): Jobtree {
    return new Jobtree({ url: this.url, partition }, this.#transport);
  }

  get partitionId(): string {
    if (this.#partition !== undefined) return this.#partition;
    throw new TypeError(
      "no partition is selected; pass one to the constructor, or call partition('<id>') first",
    );
  }

  /** Creates a job. With `id`, the same request again finds the same job. */
  async createJob(request: JobRequest, options: CreateOptions = {}): Promise<JobHandle> {
    const { id, idempotencyKey = randomKey(), signal } = options;
    const path = this.#path('jobs');
    if (id !== undefined) {
      await this.#transport.send({ method: 'PUT', path: [...path, id], body: request, signal });
      return this.job(id);
    }
    const created = await this.#transport.json<Job>({
      method: 'POST',
      path,
      body: request,
      headers: { 'idempotency-key': idempotencyKey },
      isRepeatable: true,
      signal,
    });
    return this.job(created.id);
  }

  /** A handle of a job. It sends no request. */
  job(id: string): JobHandle {
    return new JobHandle(this.#transport, this.partitionId, id);
  }

  jobs({ sort, offset, limit, pageSize, signal, ...query }: JobListOptions = {}): List<Job> {
    const call = { path: this.#path('jobs'), query: { ...queryOf(query), sort, offset } };
    return new List(this.#transport, call, { limit, pageSize, signal });
  }

  countJobs({ signal, ...query }: JobQuery & CallOptions = {}): Promise<number> {
    return this.#transport.json({ path: this.#path('jobStats', 'count'), query: queryOf(query), signal });
  }

  jobStats({ signal, ...query }: JobQuery & CallOptions = {}): Promise<JobStats> {
    return this.#transport.json({ path: this.#path('jobStats'), query: queryOf(query), signal });
  }

  /** Items, failures by cause and cost of the last hours, from the newest jobs. */
  activity({ hours, signal }: ActivityOptions = {}): Promise<Activity> {
    return this.#transport.json({ path: this.#path('jobStats', 'activity'), query: { hours }, signal });
  }

  cancelJobs(criteria: BulkCriteria, options: BulkOptions = {}): Promise<BulkResult> {
    return actOnJobs(this.#transport, this.partitionId, 'cancel', criteria, options);
  }

  deleteJobs(criteria: BulkCriteria, options: BulkOptions = {}): Promise<BulkResult> {
    return actOnJobs(this.#transport, this.partitionId, 'delete', criteria, options);
  }

  pauseJobs(criteria: BulkCriteria, options: BulkOptions = {}): Promise<BulkResult> {
    return actOnJobs(this.#transport, this.partitionId, 'pause', criteria, options);
  }

  resumeJobs(criteria: BulkCriteria, options: BulkOptions = {}): Promise<BulkResult> {
    return actOnJobs(this.#transport, this.partitionId, 'resume', criteria, options);
  }

  /** Retries all failed items of every job that matches. */
  retryJobs(criteria: BulkCriteria, options: BulkOptions = {}): Promise<BulkResult> {
    return actOnJobs(this.#transport, this.partitionId, 'retry', criteria, options);
  }

  bulkOperation(id: string): BulkOperationHandle {
    return new BulkOperationHandle(this.#transport, this.partitionId, id);
  }

  /** Uploads a file for use as a source or part. A path works only in Node. */
  upload(source: UploadSource, options: UploadOptions = {}): Promise<Upload> {
    return upload(this.#transport, this.partitionId, source, options);
  }

  /** Files that were uploaded, oldest first. */
  uploads(options: ListOptions = {}): List<StoredUpload> {
    return new List(this.#transport, { path: this.#path('uploads') }, options);
  }

  /** Deletes a file. Jobs that still read it fail. */
  async deleteUpload(id: string, { signal }: CallOptions = {}): Promise<void> {
    const path = this.#path('uploads', id);
    await this.#transport.send({ method: 'DELETE', path, doneStatus: 404, signal });
  }

  /** Requests the bytes of a result, or of a part of an item, by its link. */
  async download(
    part: Pick<ResultPart, 'filename' | 'url' | 'note'>,
    { signal }: CallOptions = {},
  ): Promise<Response> {
    const { filename, url, note } = part;
    if (url === undefined)
      throw new TypeError(`${filename} has no link${note === undefined ? '' : `: ${note}`}`);
    return this.#transport.fetchLink(url, () => ({}), { signal });
  }

  /** Templates that jobs of the partition can name. Changes affect those of the partition. */
  get templates(): Templates {
    return new Documents(this.#transport, this.#path('templates'));
  }

  get globalTemplates(): Templates {
    return new Documents(this.#transport, ['templates']);
  }

  /** Job types that jobs of the partition can name. Changes affect those of the partition. */
  get jobTypes(): JobTypes {
    return new Documents(this.#transport, this.#path('job-types'));
  }

  get globalJobTypes(): JobTypes {
    return new Documents(this.#transport, ['job-types']);
  }

  splitters({ signal }: CallOptions = {}): Promise<Splitter[]> {
    return this.#transport.json({ path: ['splitters'], signal });
  }

  workers({ signal }: CallOptions = {}): Promise<Worker[]> {
    return this.#transport.json({ path: ['workers'], signal });
  }

  /** The depths of all queues of the service, up to 10 seconds old. */
  queues({ signal }: CallOptions = {}): Promise<Queue[]> {
    return this.#transport.json({ path: ['queues'], signal });
  }

  /** The CloudWatch alarms of the service, raised ones first, up to a minute old. */
  alarms({ signal }: CallOptions = {}): Promise<Alarm[]> {
    return this.#transport.json({ path: ['alarms'], signal });
  }

  /** Messages that no handler accepted. Needs an admin of all partitions. */
  unroutableMessages({ signal }: CallOptions = {}): Promise<UnroutableMessage[]> {
    return this.#transport.json({ path: UNROUTABLE, signal });
  }

  /** Sends unroutable messages unchanged to the queues that they came from. */
  redriveUnroutable(ids: readonly string[], { signal }: CallOptions = {}): Promise<UnroutableMessagesResult> {
    return this.#transport.json({ method: 'POST', path: UNROUTABLE, verb: 'redrive', body: { ids }, signal });
  }

  deleteUnroutable(ids: readonly string[], { signal }: CallOptions = {}): Promise<UnroutableMessagesResult> {
    return this.#transport.json({ method: 'POST', path: UNROUTABLE, verb: 'delete', body: { ids }, signal });
  }

  settings({ signal }: CallOptions = {}): Promise<PartitionSettings> {
    return this.#transport.json({ path: this.#path(), signal });
  }

  /** Replaces the settings of the partition. Absent members get their defaults. */
  putSettings(
    settings: PartitionSettingsRequest,
    { ifMatch, signal }: SettingsOptions = {},
  ): Promise<PartitionSettings> {
    return this.#transport.json({
      method: 'PUT',
      path: this.#path(),
      body: settings,
      headers: { 'if-match': ifMatch },
      isRepeatable: ifMatch === undefined,
      signal,
    });
  }

  health({ signal }: CallOptions = {}): Promise<Health> {
    return this.#transport.json({ path: ['health'], signal });
  }

  /** The OpenAPI document of the deployment. */
  openApi({ signal }: CallOptions = {}): Promise<Record<string, unknown>> {
    return this.#transport.json({ path: ['openapi.json'], signal });
  }

  #path(...more: readonly string[]): string[] {
    return ['partitions', this.partitionId, ...more];
  }
}

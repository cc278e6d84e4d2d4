/** One job of a partition: its views, its lists and its actions. */
import { List, type ListOptions } from './list.ts';
import { randomKey } from './random-key.ts';
import type { ApiCall, CallOptions, Transport } from './transport.ts';
import {
  type Cost,
  type Failure,
  type FailureGroup,
  type HistoryEntry,
  type Item,
  type ItemDetail,
  isFinal,
  type Job,
  type JobPatch,
  type JobRequest,
  type JobStatus,
  type ResultPart,
  type RetryRequest,
  type Task,
} from './types.ts';
import {
  type DoneOptions,
  readChanged,
  untilFinal,
  type Versioned,
  type Watched,
  type WatchOptions,
  watch,
} from './watch.ts';

export interface ChangeOptions extends CallOptions {
  /** The change applies only to this version of the job; otherwise it throws a ConflictError. */
  readonly ifVersion?: number | undefined;
}

export interface Retried {
  readonly itemsRetried: number;
  readonly failedDependents?: readonly string[];
}

export interface ResubmitOptions extends CallOptions {
  /** Id of the new job. @default a new id that sorts by time */
  readonly id?: string | undefined;
  /** Makes the request safe to repeat. @default a random key */
  readonly idempotencyKey?: string | undefined;
}

export interface ItemListOptions extends ListOptions {
  readonly outcome?: Item['outcome'] | undefined;
  /** `result`: only the parts that are results. */
  readonly parts?: 'all' | 'result' | undefined;
}

export class JobHandle {
  readonly partition: string;
  readonly id: string;
  readonly #transport: Transport;
  readonly #path: readonly string[];
  readonly #watched: Watched<Job>;

  constructor(transport: Transport, partition: string, id: string) {
    this.partition = partition;
    this.id = id;
    this.#transport = transport;
    this.#path = ['partitions', partition, 'jobs', id];
    this.#watched = { call: { path: this.#path }, isFinal: ({ status }) => isFinal(status) };
  }

  get(options: CallOptions = {}): Promise<Job> {
    return this.#read([], options);
  }

  /** Returns the job and its ETag, or undefined if the job still has the given ETag. */
  getChanged(etag?: string, options: CallOptions = {}): Promise<Versioned<Job> | undefined> {
    return readChanged(this.#transport, { path: this.#path, signal: options.signal }, etag);
  }

  /** Yields the job now and after each change, until it is final. */
  watch(options: WatchOptions = {}): AsyncGenerator<Job, void, undefined> {
    return watch(this.#transport, this.#watched, options);
  }

  /** Returns the job when it is final, in any final status. */
  done(options: DoneOptions = {}): Promise<Job> {
    return untilFinal(this.#transport, this.#watched, options);
  }

  status(options: CallOptions = {}): Promise<JobStatus> {
    return this.#read(['status'], options);
  }

  /** The body that created the job. */
  request(options: CallOptions = {}): Promise<JobRequest> {
    return this.#read(['request'], options);
  }

  cost(options: CallOptions = {}): Promise<Cost> {
    return this.#read(['cost'], options);
  }

  items({ outcome, parts, ...options }: ItemListOptions = {}): List<Item> {
    return this.#list('items', options, { outcome, parts });
  }

  /** One item with its attempts, payload and files. The service may need several requests to find it. */
  async item(id: string, options: CallOptions = {}): Promise<ItemDetail> {
    let found = await this.lookForItem(id, undefined, options);
    while (found.cursor !== undefined) found = await this.lookForItem(id, found.cursor, options);
    return found;
  }

  /** Sends one request for an item. If the response has a cursor, the item was not found yet. */
  lookForItem(id: string, cursor?: string, { signal }: CallOptions = {}): Promise<ItemDetail> {
    return this.#transport.json({ path: [...this.#path, 'items', id], query: { cursor }, signal });
  }

  failures(options: ListOptions = {}): List<Failure> {
    return this.#list('failures', options);
  }

  /** Groups of similar failures, the largest first. */
  failureGroups(options: ListOptions = {}): List<FailureGroup> {
    return this.#list('failures', options, { groupBy: 'fingerprint' });
  }

  results(options: ListOptions = {}): List<ResultPart> {
    return this.#list('result', options);
  }

  /** One level of the tree of the job: the children of the task `parent`, or of the job. */
  tasks({ parent, ...options }: ListOptions & { readonly parent?: string | undefined } = {}): List<Task> {
    return this.#list('tasks', options, { parent });
  }

  history(options: ListOptions = {}): List<HistoryEntry> {
    return this.#list('history', options);
  }

  async cancel(options: CallOptions = {}): Promise<void> {
    await this.#act('cancel', options);
  }

  async pause(options: CallOptions = {}): Promise<void> {
    await this.#act('pause', options);
  }

  async resume(options: CallOptions = {}): Promise<void> {
    await this.#act('resume', options);
  }

  /**
   * Runs failed items again: all, or those that the filter selects. A job that failed because of a prerequisite starts
   * again. `failedDependents` are jobs that failed because of this one; `restartDependents` starts them again too.
   */
  retry(request: RetryRequest = {}, { ifVersion, signal }: ChangeOptions = {}): Promise<Retried> {
    return this.#transport.json({
      method: 'POST',
      path: [...this.#path, 'retry'],
      body: request,
      headers: ifMatch(ifVersion),
      signal,
    });
  }

  /** Creates a new job with the request of this one, which must be final. */
  async resubmit({ id, idempotencyKey, signal }: ResubmitOptions = {}): Promise<JobHandle> {
    const response = await this.#transport.send({
      method: 'POST',
      path: [...this.#path, 'resubmit'],
      body: id === undefined ? {} : { id },
      headers: id === undefined ? { 'idempotency-key': idempotencyKey ?? randomKey() } : {},
      isRepeatable: true,
      signal,
    });
    const newId = id ?? (await this.#transport.parse<Job>(response)).id;
    return new JobHandle(this.#transport, this.partition, newId);
  }

  /** Changes the members of the patch. Returns the changed job. */
  edit(patch: JobPatch, { ifVersion, signal }: ChangeOptions = {}): Promise<Job> {
    return this.#transport.json({
      method: 'PATCH',
      path: this.#path,
      body: patch,
      headers: ifMatch(ifVersion),
      // After a lost response, the version is no longer the expected one.
      isRepeatable: ifVersion === undefined,
      signal,
    });
  }

  async delete({ ifVersion, signal }: ChangeOptions = {}): Promise<void> {
    await this.#transport.send({
      method: 'DELETE',
      path: this.#path,
      headers: ifMatch(ifVersion),
      doneStatus: 404,
      signal,
    });
  }

  #read<T>(more: readonly string[], { signal }: CallOptions): Promise<T> {
    return this.#transport.json({ path: [...this.#path, ...more], signal });
  }

  #act(action: string, { signal }: CallOptions): Promise<Response> {
    const path = [...this.#path, action];
    return this.#transport.send({ method: 'POST', path, isRepeatable: true, signal });
  }

  #list<T>(name: string, options: ListOptions, query: ApiCall['query'] = {}): List<T> {
    return new List(this.#transport, { path: [...this.#path, name], query }, options);
  }
}

function ifMatch(version: number | undefined): Record<string, string | undefined> {
  return { 'if-match': version === undefined ? undefined : `"${version}"` };
}

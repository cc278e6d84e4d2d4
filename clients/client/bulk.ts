/** Actions on every job that matches, and the bulk operation that continues in the background. */
import { type JobCriteria, queryOf } from './job-criteria.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { BulkOperation } from './types.ts';
import { type DoneOptions, untilFinal, type Watched, type WatchOptions, watch } from './watch.ts';

export interface BulkCriteria extends JobCriteria {
  /** Required to act on the whole partition, so that an empty filter does not do it by accident. */
  readonly all?: true | undefined;
}

export interface BulkOptions extends CallOptions {
  /** Counts the jobs and changes nothing. @default false */
  readonly dryRun?: boolean | undefined;
}

export interface BulkResult {
  /** Number of jobs changed so far, or of jobs that would change. */
  readonly jobs: number;
  readonly isDryRun: boolean;
  /** The operation that changes the other jobs; absent if all are changed. */
  readonly operation?: BulkOperationHandle;
}

export type BulkVerb = BulkOperation['verb'];

const COUNTS = {
  cancel: 'jobsCanceled',
  delete: 'jobsDeleted',
  pause: 'jobsPaused',
  resume: 'jobsResumed',
  retry: 'jobsRetried',
} as const;

type BulkResponse = { readonly [Count in (typeof COUNTS)[BulkVerb]]?: number } & {
  readonly dryRun?: true;
  readonly bulkOperation?: BulkOperation;
};

/** Returns the number of jobs that the operation has changed so far. */
export function jobsChanged(operation: BulkOperation): number {
  return operation[COUNTS[operation.verb]] ?? 0;
}

export async function actOnJobs(
  transport: Transport,
  partition: string,
  verb: BulkVerb,
  { all, ...criteria }: BulkCriteria,
  { dryRun = false, signal }: BulkOptions,
): Promise<BulkResult> {
  const query = queryOf(criteria);
  const { includeHidden: _, ...selection } = query;
  const isEmpty = Object.values(selection).every((value) => value === undefined || value === '');
  if (isEmpty && all !== true)
    throw new TypeError(
      `${verb}Jobs without criteria would ${verb} every job of partition '${partition}'; pass { all: true } for that`,
    );
  if (!isEmpty && all === true)
    throw new TypeError('all: true cannot be combined with other criteria; remove one of them');
  const response = await transport.json<BulkResponse>({
    method: 'POST',
    path: ['partitions', partition, 'jobs'],
    verb,
    query: { ...query, ...(dryRun ? { dryRun } : {}) },
    isRepeatable: dryRun,
    signal,
  });
  const { bulkOperation } = response;
  return {
    jobs: response[COUNTS[verb]] ?? 0,
    isDryRun: response.dryRun ?? false,
    ...(bulkOperation === undefined
      ? {}
      : { operation: new BulkOperationHandle(transport, partition, bulkOperation.id) }),
  };
}

export class BulkOperationHandle {
  readonly partition: string;
  readonly id: string;
  readonly #transport: Transport;
  readonly #watched: Watched<BulkOperation>;

  constructor(transport: Transport, partition: string, id: string) {
    this.partition = partition;
    this.id = id;
    this.#transport = transport;
    this.#watched = {
      call: { path: ['partitions', partition, 'bulkOperations', id] },
      isFinal: ({ status }) => status === 'Completed',
    };
  }

  get({ signal }: CallOptions = {}): Promise<BulkOperation> {
    return this.#transport.json({ ...this.#watched.call, signal });
  }

  watch(options: WatchOptions = {}): AsyncGenerator<BulkOperation, void, undefined> {
    return watch(this.#transport, this.#watched, options);
  }

  done(options: DoneOptions = {}): Promise<BulkOperation> {
    return untilFinal(this.#transport, this.#watched, options);
  }
}

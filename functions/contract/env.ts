/** Every environment variable of every function, named once for construct and handler alike. */
export const ENVIRONMENT_NAMES = {
  table: 'JOBTREE_TABLE',
  bucket: 'JOBTREE_BUCKET',
  /** JSON list: names of other buckets that jobs may read. */
  readBuckets: 'JOBTREE_READ_BUCKETS',
  /** The role to assume, with a session policy, for reads on behalf of a partition; absent: the function's own. */
  readerRole: 'JOBTREE_READER_ROLE',
  splitQueue: 'JOBTREE_SPLIT_QUEUE_URL',
  resultsQueue: 'JOBTREE_RESULTS_QUEUE_URL',
  reportsQueue: 'JOBTREE_REPORTS_QUEUE_URL',
  unroutableQueue: 'JOBTREE_UNROUTABLE_QUEUE_URL',
  /** JSON object: worker name → name of its queue, a sibling of the other queues. */
  workerQueues: 'JOBTREE_WORKER_QUEUES',
  /** Names of the queues that hold dead letters of the split, results and reports queue. */
  splitDeadLetters: 'JOBTREE_SPLIT_DEAD_LETTERS',
  resultsDeadLetters: 'JOBTREE_RESULTS_DEAD_LETTERS',
  reportsDeadLetters: 'JOBTREE_REPORTS_DEAD_LETTERS',
  /** The address that those of all state machines of templates begin with. */
  machines: 'JOBTREE_STATE_MACHINES',
  /** The role under which state machines run that the API makes. */
  machineRole: 'JOBTREE_STATE_MACHINE_ROLE',
  /** Items a job may have at most. */
  maxItems: 'JOBTREE_MAX_ITEMS',
  /** How long a job may be Active without progress. */
  idleLimit: 'JOBTREE_IDLE_LIMIT',
  /** Bytes that one upload may have at most. */
  maxUploadBytes: 'JOBTREE_MAX_UPLOAD_BYTES',
  /** JSON list: where scan-sources looks for requests. */
  sources: 'JOBTREE_SOURCES',
  /** Milliseconds for which a function may believe a job status it has read. */
  statusCacheMillis: 'JOBTREE_STATUS_CACHE_MILLIS',
  /** JSON object: which part of the web the function may reach; see `web-access.ts`. */
  web: 'JOBTREE_WEB',
  /** JSON objects: what jobs may use by name; see `allow-lists.ts`. */
  secrets: 'JOBTREE_SECRETS',
  functions: 'JOBTREE_FUNCTIONS',
} as const;
export type EnvironmentKey = keyof typeof ENVIRONMENT_NAMES;

/** The variables of one function; a missing one stops it at its start, with a sentence that names it. */
export function readEnvironment<K extends EnvironmentKey>(
  keys: readonly K[],
  source: Readonly<Record<string, string | undefined>>,
): Record<K, string> {
  const entries = keys.map((key) => {
    const name = ENVIRONMENT_NAMES[key];
    const value = source[name];
    if (value === undefined || value === '') {
      throw new Error(`environment variable ${name} is missing; the stack of this function sets it`);
    }
    return [key, value] as const;
  });
  return Object.fromEntries(entries) as Record<K, string>;
}

/** Environment variables of all functions, named once for constructs and handlers. */
export const ENVIRONMENT_NAMES = {
  table: 'JOBTREE_TABLE',
  bucket: 'JOBTREE_BUCKET',
  /** JSON list of the names of other buckets that jobs may read. */
  readBuckets: 'JOBTREE_READ_BUCKETS',
  /**
   * Role to assume, with a session policy, for reads on behalf of a partition; absent: the function's own
   * role.
   */
  readerRole: 'JOBTREE_READER_ROLE',
  splitQueue: 'JOBTREE_SPLIT_QUEUE_URL',
  resultsQueue: 'JOBTREE_RESULTS_QUEUE_URL',
  reportsQueue: 'JOBTREE_REPORTS_QUEUE_URL',
  unroutableQueue: 'JOBTREE_UNROUTABLE_QUEUE_URL',
  /** JSON object from worker name to the name of its queue, which is a sibling of the other queues. */
  workerQueues: 'JOBTREE_WORKER_QUEUES',
  /** JSON object of the names of the queues that the API shows; see `stack-queues.ts`. */
  queueNames: 'JOBTREE_QUEUE_NAMES',
  /** Name of the stack, with which the names of its alarms begin. */
  stackName: 'JOBTREE_STACK_NAME',
  /** Names of the dead-letter queues of the split, results and reports queues. */
  splitDeadLetters: 'JOBTREE_SPLIT_DEAD_LETTERS',
  resultsDeadLetters: 'JOBTREE_RESULTS_DEAD_LETTERS',
  reportsDeadLetters: 'JOBTREE_REPORTS_DEAD_LETTERS',
  /** The common ARN prefix of all state machines of templates. */
  machines: 'JOBTREE_STATE_MACHINES',
  /** The execution role of state machines that the API creates. */
  machineRole: 'JOBTREE_STATE_MACHINE_ROLE',
  /** Maximum number of items of a job. */
  maxItems: 'JOBTREE_MAX_ITEMS',
  /** Time for which a job may be Active without progress. */
  idleLimit: 'JOBTREE_IDLE_LIMIT',
  /** Maximum size of one upload, in bytes. */
  maxUploadBytes: 'JOBTREE_MAX_UPLOAD_BYTES',
  /** JSON list of the sources that scan-sources searches for requests. */
  sources: 'JOBTREE_SOURCES',
  /** Milliseconds for which a function may trust a job status that it has read. */
  statusCacheMillis: 'JOBTREE_STATUS_CACHE_MILLIS',
  /** JSON object: the part of the web that the function may reach; see `web-access.ts`. */
  web: 'JOBTREE_WEB',
  /** JSON objects: secrets and functions that jobs may use by name; see `allow-lists.ts`. */
  secrets: 'JOBTREE_SECRETS',
  functions: 'JOBTREE_FUNCTIONS',
  /** JSON list of font files that `to-pdf` and `merge-pdf` use after their own. */
  documentFonts: 'JOBTREE_DOCUMENT_FONTS',
  /** `signed` (the default) or `sdk`: the clients of AWS services; see `functions/aws/services.ts`. */
  awsClient: 'JOBTREE_AWS_CLIENT',
} as const;
export type EnvironmentKey = keyof typeof ENVIRONMENT_NAMES;

/** Returns the variables of one function. Throws at its start if one is missing, and names it. */
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

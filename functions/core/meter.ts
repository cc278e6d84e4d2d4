import type { JobKey } from './job.ts';

/** What AWS bills that a job causes, apart from the workers' own compute time. */
export const BILLED_OPERATIONS = [
  /** SQS requests; each 64 KB of payload is one. */
  'queueRequests',
  /** DynamoDB write units of 1 KB. */
  'writeUnits',
  /** DynamoDB read units of 4 KB, read strongly. */
  'readUnits',
  'objectPuts',
  'objectGets',
  'objectLists',
  /** Invocations of functions. */
  'invocations',
  /** Of state machines: each state that an execution enters, retries included. */
  'stateTransitions',
] as const;
export type BilledOperation = (typeof BILLED_OPERATIONS)[number];
export type Operations = Partial<Readonly<Record<BilledOperation, number>>>;

export function addOperations(a: Operations, b: Operations): Operations {
  const sum: Partial<Record<BilledOperation, number>> = { ...a };
  for (const operation of BILLED_OPERATIONS) {
    const more = b[operation];
    if (more !== undefined) sum[operation] = (sum[operation] ?? 0) + more;
  }
  return sum;
}

/** Counts billed operations by job, in memory; whoever writes the job's progress takes and stores them. */
export class Meter {
  readonly #byJob = new Map<string, Operations>();

  count(job: JobKey, operations: Operations): void {
    const key = JSON.stringify([job.partition, job.job]);
    this.#byJob.set(key, addOperations(this.#byJob.get(key) ?? {}, operations));
  }

  /** What was counted since the last take. */
  take(job: JobKey): Operations {
    const key = JSON.stringify([job.partition, job.job]);
    const counted = this.#byJob.get(key) ?? {};
    this.#byJob.delete(key);
    return counted;
  }
}

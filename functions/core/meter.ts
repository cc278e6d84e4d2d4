import type { JobKey } from './job.ts';

/** Operations of a job that AWS bills, except the compute time of workers. */
export const BILLED_OPERATIONS = [
  /** SQS requests; each 64 KB of payload counts as one. */
  'queueRequests',
  /** DynamoDB write units of 1 KB. */
  'writeUnits',
  /** DynamoDB read units of 4 KB, strongly consistent. */
  'readUnits',
  'objectPuts',
  'objectGets',
  'objectLists',
  /** Invocations of Lambda functions. */
  'invocations',
  /** States of state machines that an execution enters, retries included. */
  'stateTransitions',
] as const;
export type BilledOperation = (typeof BILLED_OPERATIONS)[number];
export type Operations = Partial<Readonly<Record<BilledOperation, number>>>;

export function addOperations(a: Operations, b: Operations): Operations {
  const sum: Partial<Record<BilledOperation, number>> = { ...a };
  for (const operation of BILLED_OPERATIONS) {
    const addition = b[operation];
    if (addition !== undefined) sum[operation] = (sum[operation] ?? 0) + addition;
  }
  return sum;
}

/**
 * Counts billed operations by job, in memory. The function that writes the job's progress takes and stores
 * them.
 */
export class Meter {
  readonly #byJob = new Map<string, Operations>();

  count(job: JobKey, operations: Operations): void {
    const key = JSON.stringify([job.partition, job.job]);
    this.#byJob.set(key, addOperations(this.#byJob.get(key) ?? {}, operations));
  }

  /** Returns and resets the operations that were counted since the last call. */
  take(job: JobKey): Operations {
    const key = JSON.stringify([job.partition, job.job]);
    const operations = this.#byJob.get(key) ?? {};
    this.#byJob.delete(key);
    return operations;
  }
}

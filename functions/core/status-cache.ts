import { BoundedMap } from './bounded-map.ts';
import { decideWork, type JobKey, type JobRun, type WorkDecision } from './job.ts';
import type { JobStatus } from './job-status.ts';
import type { Clock } from './ports.ts';

export interface KnownStatus {
  readonly status: JobStatus;
  readonly runNumber: number;
}

interface Entry<T extends KnownStatus> {
  readonly jobStatus: T;
  readonly readAt: number;
}

/** Maximum number of jobs in the cache of one instance. The oldest are removed first. */
const MAX_ENTRIES = 10_000;

/**
 * Caches the status of jobs in one instance for a few seconds, so that a message does not cost a read.
 *
 * A stale `run` is harmless (docs/explanation/job-lifecycle.md states for how long), but dropping work is not. An entry
 * therefore decides `discard` only for its own or an older run, never for a job that was created again
 * later.
 */
export class StatusCache<T extends KnownStatus> {
  readonly #entries = new BoundedMap<string, Entry<T>>(MAX_ENTRIES);
  readonly #loading = new Map<string, Promise<T | undefined>>();
  readonly #load: (job: JobKey) => Promise<T | undefined>;
  readonly #clock: Clock;
  readonly #maxAgeMillis: number;

  /** `load` must make a strongly consistent read. */
  constructor(load: (job: JobKey) => Promise<T | undefined>, clock: Clock, maxAgeMillis: number) {
    this.#load = load;
    this.#clock = clock;
    this.#maxAgeMillis = maxAgeMillis;
  }

  async decide(run: JobRun): Promise<{ decision: WorkDecision; jobStatus: T | undefined }> {
    const jobStatus = this.cached(run) ?? (await this.#read(run));
    return { decision: decideWork(jobStatus, run.runNumber), jobStatus };
  }

  /** Returns the status if no read is necessary. Workers check the status before each item. */
  cached(run: JobRun): T | undefined {
    const entry = this.#entries.get(keyOf(run));
    if (entry === undefined || this.#clock.now() - entry.readAt > this.#maxAgeMillis) return undefined;
    return appliesTo(entry.jobStatus, run) ? entry.jobStatus : undefined;
  }

  async #read(run: JobRun): Promise<T | undefined> {
    const key = keyOf(run);
    // A batch of messages looks up one job many times at once. One read serves them all, unless it failed or
    // started too early.
    const pendingRead = this.#loading.get(key);
    if (pendingRead !== undefined) {
      const jobStatus = await pendingRead.catch(() => undefined);
      if (jobStatus !== undefined && appliesTo(jobStatus, run)) return jobStatus;
    }
    const loading = this.#loadNow(run, key);
    this.#loading.set(key, loading);
    try {
      return await loading;
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
  }

  async #loadNow(run: JobRun, key: string): Promise<T | undefined> {
    const readAt = this.#clock.now();
    const jobStatus = await this.#load(run);
    if (jobStatus === undefined) this.#entries.delete(key);
    else this.#entries.setNewest(key, { jobStatus, readAt });
    return jobStatus;
  }
}

/** The length marks where the partition ends, so that two jobs never have the same key. */
function keyOf({ partition, job }: JobKey): string {
  return `${partition.length} ${partition}${job}`;
}

/**
 * True if the cached status applies to this run: it is not older, and not a status from which the job may
 * have been resumed.
 */
function appliesTo(jobStatus: KnownStatus, { runNumber }: JobRun): boolean {
  return jobStatus.runNumber >= runNumber && decideWork(jobStatus, jobStatus.runNumber) !== 'hold';
}

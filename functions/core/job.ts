import { NewerVersion } from './errors.ts';
import type { Expiry } from './expiry.ts';
import { isFinal, type JobStatus } from './job-status.ts';
import type { Totals } from './page.ts';
import type { Prerequisite, PrerequisiteFailurePolicy, RootCause } from './prerequisites.ts';

/** Which job: ids are unique within their partition. */
export interface JobKey {
  readonly partition: string;
  readonly job: string;
}

/** Which creation of a job id; messages of an older one are dropped. */
export interface JobRun extends JobKey {
  readonly generation: number;
}

export type ItemFailurePolicy =
  | 'continue'
  | 'failAtEnd'
  | 'failFast'
  | { readonly tolerate: { readonly count: number } | { readonly percent: number } };

/** How the work of a job is split and done; definition and parameters stay in the captured request. */
export interface BatchPlan {
  readonly splitter: string;
  readonly worker: string;
  /** Workers that each chunk passes through after `worker`. */
  readonly pipeline: readonly string[];
  readonly itemsPerTask: number;
  readonly onItemFailure: ItemFailurePolicy;
  readonly maxAttempts: number;
  /** `failures` writes outcome objects only for chunks in which an item failed. */
  readonly outcomes: 'all' | 'failures';
}

/** Something that went wrong, in words a user can act on. */
export interface Failure {
  readonly failureId: string;
  readonly failureTime: number;
  /** Task path and item, such as `3.17/0:204`; `job` for the job as a whole. */
  readonly failureSource: string;
  readonly failureMessage: string;
  readonly code: string;
  readonly attempts: number;
  readonly stack?: string | undefined;
}

/**
 * What the job row still owes the world; the table's stream hands it to `dispatch-jobs`, which clears it:
 * `dispatch` start the job · `launch` send its first batch · `release` send what was held while it was paused ·
 * `continue` go on splitting · `finish` call who waits for it, clear what it needed to run · `remove` delete every
 * row and object · `bulk` do the next slice of a bulk action · `select` begin what stands in line.
 */
export type FollowUp =
  | 'dispatch'
  | 'launch'
  | 'release'
  | 'continue'
  | 'finish'
  | 'remove'
  | 'bulk'
  | 'select';

export interface Job extends JobRun {
  /** Set once the job was retried: each run has a generation of its own, and this was that of the first. */
  readonly firstGeneration?: number;
  /** Grows by one with every change of the job that a user can see, progress apart. */
  readonly version: number;
  readonly status: JobStatus;
  readonly createTime: number;
  readonly lastUpdateTime: number;
  readonly startTime?: number;
  readonly endTime?: number;
  /** Since when it is Active, while it is; and how long it was before, so that pauses slow no rate. */
  readonly activeSince?: number;
  readonly activeMillis?: number;
  readonly name?: string;
  readonly description?: string;
  readonly externalData?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  /** Lists, counts and bulk actions pass it over unless they are asked not to. */
  readonly hidden?: boolean;
  readonly createdBy: string;
  /** The job type that made the plan, and which version of it. */
  readonly type?: string;
  readonly typeVersion?: string;
  readonly plan: BatchPlan;
  readonly prerequisites?: readonly Prerequisite[];
  readonly onPrerequisiteFailure?: PrerequisiteFailurePolicy;
  /** Between the end of the last prerequisite, or the creation, and the start. */
  readonly delaySeconds?: number;
  readonly notBefore?: number;
  /** When it may start, delay and notBefore considered; known once all prerequisites are done. */
  readonly startDue?: number;
  /** It could start, and stands in the queue of its partition for one of the places there. */
  readonly queued?: true;
  /** Grows with each call to look whether it may start, and with what was found: no version is made of these. */
  readonly startRevision?: number;
  /** Of a job that failed because a prerequisite did not complete. */
  readonly rootCause?: RootCause;
  readonly expiry?: Expiry;
  /** How long it is kept once it is final, where the partition says so: an ISO 8601 duration. */
  readonly retention?: string;
  /** How long it may be Active without progress, where the stack says so: an ISO 8601 duration, or `none`. */
  readonly idleLimit?: string;
  /** The latest progress that the sweeper has seen when it looked whether the job goes on. */
  readonly progressSeen?: number;
  /** The template that the job runs, and which version of it. */
  readonly template?: string;
  readonly templateVersion?: string;
  readonly flow?: JobFlow;
  /** SHA-256 of the canonical request, to tell the same PUT from another one. */
  readonly requestHash: string;
  /** Exact, once the job is final and all its items were recorded. */
  readonly totals?: Totals;
  /**
   * When what its work left in the table goes. Set where it ended in the midst of its work, until that is done: it takes
   * a while before nobody is at it any more.
   */
  readonly clearDue?: number;
  readonly followUp?: FollowUp;
  /** Set while a job is paused that had not started: resumed, it waits again. */
  readonly pausedFrom?: 'Waiting';
  /** Set where the last item was recorded while the job was paused: resumed, it ends with these. */
  readonly endTotals?: Totals;
  /** Set where a retry began before the run ahead of it was cleared: the first run that `finish` is to clear. */
  readonly unclearedFrom?: number;
}

/** What the row has to know of the flow that the job runs; its steps lie with the captured request. */
export interface JobFlow {
  /** Address of the state machine. */
  readonly machine: string;
  /** Names of the steps, in the order of the template. */
  readonly steps: readonly string[];
}

type Generations = Pick<Job, 'generation' | 'firstGeneration'>;

/** The generation that the job was created with. */
export function creationOf({ generation, firstGeneration = generation }: Generations): number {
  return firstGeneration;
}

/** Those of all its runs, the newest first. */
export function generationsOf(job: Generations): number[] {
  const runs = job.generation - creationOf(job) + 1;
  return Array.from({ length: runs }, (_, before) => job.generation - before);
}

/** How long its work was done in this run, pauses apart. */
export function activeMillisAt(
  job: Pick<Job, 'status' | 'startTime' | 'activeSince' | 'activeMillis'>,
  now: number,
): number {
  const { status, startTime = now, activeSince = startTime, activeMillis = 0 } = job;
  return activeMillis + (status === 'Active' ? Math.max(0, now - activeSince) : 0);
}

/** Whether it takes one of the places of its partition: it has begun and is not over, though it may be paused. */
export function holdsSlot({ status, startTime }: Pick<Job, 'status' | 'startTime'>): boolean {
  return startTime !== undefined && !isFinal(status);
}

/** Whether it waits to begin, or will once it is resumed. */
export function isWaiting({ status, pausedFrom }: Pick<Job, 'status' | 'pausedFrom'>): boolean {
  return status === 'Waiting' || (status === 'Paused' && pausedFrom === 'Waiting');
}

/** Whether work of a job should be done now. `hold` is for a paused job, `discard` for one that is over. */
export type WorkDecision = 'run' | 'hold' | 'discard';

export function decideWork(
  current: { readonly status: JobStatus; readonly generation: number } | undefined,
  generation: number,
): WorkDecision {
  if (current === undefined || current.generation !== generation) return 'discard';
  switch (current.status) {
    case 'Active':
      return 'run';
    case 'Waiting':
    case 'Paused':
    case 'Blocked':
      return 'hold';
    case 'Completed':
    case 'Failed':
    case 'Cancelled':
    case 'Expired':
      return 'discard';
    default:
      // Dropping its work would lose it.
      throw new NewerVersion(
        `the job has the status '${String(current.status)}', which this release does not know; its work is tried again later`,
      );
  }
}

/** Whether a number of failures ends the job before all its items are done. */
export function hasLimit(policy: ItemFailurePolicy): boolean {
  return policy === 'failFast' || (typeof policy === 'object' && 'count' in policy.tolerate);
}

/** Whether the failures so far end the job before all its items are done. */
export function isOverLimit(policy: ItemFailurePolicy, totals: Totals, sealed: boolean): boolean {
  if (policy === 'continue' || policy === 'failAtEnd') return false;
  if (policy === 'failFast') return totals.failed > 0;
  if ('count' in policy.tolerate) return totals.failed > policy.tolerate.count;
  return sealed && totals.failed * 100 > policy.tolerate.percent * totals.items;
}

/** How a job ends that ran all its items. */
export function finalStatus(policy: ItemFailurePolicy, totals: Totals): 'Completed' | 'Failed' {
  if (policy === 'failAtEnd') return totals.failed > 0 ? 'Failed' : 'Completed';
  return isOverLimit(policy, totals, true) ? 'Failed' : 'Completed';
}

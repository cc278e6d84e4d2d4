import { NewerVersion } from './errors.ts';
import type { Expiry } from './expiry-policy.ts';
import { isFinal, type JobStatus } from './job-status.ts';
import type { Totals } from './page.ts';
import type { Prerequisite, PrerequisiteFailurePolicy, RootCause } from './prerequisites.ts';

/** Identifies a job. Ids are unique within their partition. */
export interface JobKey {
  readonly partition: string;
  readonly job: string;
}

/**
 * Identifies one run of a job. A later creation or a retry has a higher number, and messages of earlier runs
 * are dropped.
 */
export interface JobRun extends JobKey {
  /**
   * Counts the runs of the id, over all its creations. The `generation` of the API is the number of the first
   * run of a creation (`generationOf`). The `run` of the API counts from there, beginning with 1.
   */
  readonly runNumber: number;
}

export type ItemFailurePolicy =
  | 'failIfNoneSucceed'
  | 'continue'
  | 'failAtEnd'
  | 'failFast'
  | { readonly tolerate: { readonly count: number } | { readonly percent: number } };

/**
 * The plan of a job: splitter, workers and limits. Definition and parameters stay in the captured request.
 */
export interface BatchPlan {
  readonly splitter: string;
  readonly worker: string;
  /** Workers that process each chunk after `worker`, in order. */
  readonly pipeline: readonly string[];
  readonly itemsPerTask: number;
  readonly onItemFailure: ItemFailurePolicy;
  readonly maxAttempts: number;
  /** `failures` writes outcome objects only for chunks in which an item failed. */
  readonly outcomes: 'all' | 'failures';
}

/** The reason why an item, a batch or a job failed, in terms that a user can act on. */
export interface Failure {
  readonly failureId: string;
  readonly failureTime: number;
  /**
   * Location of the failure, such as `batch 3.17, chunk 0, item 204`, after `step <name>, ` in a template;
   * `job` for the job as a whole.
   */
  readonly failureSource: string;
  readonly failureMessage: string;
  readonly code: string;
  readonly attempts: number;
  readonly stack?: string | undefined;
}

/**
 * The work that a write of the job row leaves to do. The table's stream passes it to `dispatch-jobs`, which
 * clears it when it is done.
 *
 * `dispatch`: start the job.
 *
 * `launch`: send its first batch.
 *
 * `release`: send the work that was held while it was paused.
 *
 * `continue`: continue splitting.
 *
 * `finish`: notify jobs that wait for it, and delete the rows that it needed to run.
 *
 * `remove`: delete every row and object.
 *
 * `bulk`: process the next slice of a bulk action.
 *
 * `select`: start jobs from the waitlist.
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
  /** Number of the first run. Set once the job was retried, because each run has its own number. */
  readonly firstRunNumber?: number;
  /** Increases by one with every change that a user can see, except progress. */
  readonly version: number;
  readonly status: JobStatus;
  readonly createTime: number;
  readonly lastUpdateTime: number;
  readonly startTime?: number;
  readonly endTime?: number;
  /**
   * When it last became Active, while it is Active, and the total time it was Active before that. Pauses
   * therefore do not lower any rate.
   */
  readonly activeSince?: number;
  readonly activeMillis?: number;
  readonly name?: string;
  readonly description?: string;
  readonly externalData?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  /** True if lists, counts and bulk actions omit it by default. */
  readonly hidden?: boolean;
  readonly createdBy: string;
  /** The job type that created the plan, and its version. */
  readonly type?: string;
  readonly typeVersion?: string;
  readonly plan: BatchPlan;
  readonly prerequisites?: readonly Prerequisite[];
  readonly onPrerequisiteFailure?: PrerequisiteFailurePolicy;
  /** Seconds between the end of the last prerequisite, or the creation, and the start. */
  readonly delaySeconds?: number;
  readonly notBefore?: number;
  /** Earliest start time, after delay and `notBefore`. Set once all prerequisites are met. */
  readonly startDue?: number;
  /** True if it could start and is on the waitlist of its partition for a slot. */
  readonly queued?: true;
  /**
   * Increases with each check of whether the job can start, and with each result. These changes do not create
   * a version.
   */
  readonly startRevision?: number;
  /** Set by a retry that also restarts the jobs that failed because of this one. */
  readonly restartsDependents?: boolean;
  /** Set on a job that failed because a prerequisite did not complete. */
  readonly rootCause?: RootCause;
  readonly expiry?: Expiry;
  /** Time for which it is kept once it is final, if the partition sets it: an ISO 8601 duration. */
  readonly retention?: string;
  /**
   * Time for which it may be Active without progress, if the stack sets it: an ISO 8601 duration, or `none`.
   */
  readonly idleLimit?: string;
  /** Time of the latest progress that the sweeper found when it checked the job for inactivity. */
  readonly progressSeen?: number;
  /** The template that the job runs, and its version. */
  readonly template?: string;
  readonly templateVersion?: string;
  readonly flow?: JobFlow;
  /** SHA-256 of the canonical request, to recognize a repeated PUT. */
  readonly requestHash: string;
  /** Exact totals, once the job is final and all its items are recorded. */
  readonly totals?: Totals;
  /**
   * When the sweeper deletes the rows that its work left in the table. Set when a job ends while work is in
   * progress, because workers may still write for a while.
   */
  readonly clearDue?: number;
  readonly followUp?: FollowUp;
  /** Set on a paused job that had not started. When resumed, it waits again. */
  readonly pausedFrom?: 'Waiting';
  /**
   * Set if the last item was recorded while the job was paused. When resumed, the job ends with these totals.
   */
  readonly endTotals?: Totals;
  /**
   * Set if a retry began before the previous run was cleaned up: the first run that `finish` must clean up.
   */
  readonly unclearedFrom?: number;
}

/** The part of the flow that the job row needs. The steps are stored with the captured request. */
export interface JobFlow {
  /** ARN of the state machine. */
  readonly machine: string;
  /** Names of the steps, in the order of the template. */
  readonly steps: readonly string[];
}

type RunNumbers = Pick<Job, 'runNumber' | 'firstRunNumber'>;

/** Returns the generation that the API shows: the number of the first run since the job was created. */
export function generationOf({ runNumber, firstRunNumber = runNumber }: RunNumbers): number {
  return firstRunNumber;
}

/** Returns the numbers of all runs since the job was created, newest first. */
export function runNumbersOf(job: RunNumbers): number[] {
  const runs = job.runNumber - generationOf(job) + 1;
  return Array.from({ length: runs }, (_, before) => job.runNumber - before);
}

/** Returns the milliseconds for which this run was Active, without pauses. */
export function activeMillisAt(
  job: Pick<Job, 'status' | 'startTime' | 'activeSince' | 'activeMillis'>,
  now: number,
): number {
  const { status, startTime = now, activeSince = startTime, activeMillis = 0 } = job;
  return activeMillis + (status === 'Active' ? Math.max(0, now - activeSince) : 0);
}

/**
 * True if the job uses a slot of its partition: it has started and is not final. A paused job keeps its slot.
 */
export function holdsSlot({ status, startTime }: Pick<Job, 'status' | 'startTime'>): boolean {
  return startTime !== undefined && !isFinal(status);
}

/** True if the job has not started: it is Waiting, or paused and will be Waiting once resumed. */
export function isWaiting({ status, pausedFrom }: Pick<Job, 'status' | 'pausedFrom'>): boolean {
  return status === 'Waiting' || (status === 'Paused' && pausedFrom === 'Waiting');
}

/**
 * Decides how to handle a message with work of a job: `hold` for a job that is not running at the moment,
 * `discard` for one that is final or was replaced.
 */
export type WorkDecision = 'run' | 'hold' | 'discard';

export function decideWork(
  current: { readonly status: JobStatus; readonly runNumber: number } | undefined,
  runNumber: number,
): WorkDecision {
  if (current === undefined || current.runNumber !== runNumber) return 'discard';
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
      // Dropping the message would lose its work.
      throw new NewerVersion(
        `the job has the status '${String(current.status)}', which this release does not know; its work is retried later`,
      );
  }
}

/** True if a number of failures can end the job before all its items are done. */
export function hasLimit(policy: ItemFailurePolicy): boolean {
  return policy === 'failFast' || (typeof policy === 'object' && 'count' in policy.tolerate);
}

/** True if the failures so far end the job before all its items are done. */
export function isOverLimit(policy: ItemFailurePolicy, totals: Totals, sealed: boolean): boolean {
  if (policy === 'failIfNoneSucceed' || policy === 'continue' || policy === 'failAtEnd') return false;
  if (policy === 'failFast') return totals.failed > 0;
  if ('count' in policy.tolerate) return totals.failed > policy.tolerate.count;
  return sealed && totals.failed * 100 > policy.tolerate.percent * totals.items;
}

/** True if items failed and none succeeded. A job whose items were all skipped had nothing to do. */
function haveAllFailed({ items, failed, skipped }: Totals): boolean {
  return failed > 0 && failed + skipped === items;
}

/** Returns the final status of a job whose items are all done. */
export function finalStatus(policy: ItemFailurePolicy, totals: Totals): 'Completed' | 'Failed' {
  if (policy === 'failIfNoneSucceed') return haveAllFailed(totals) ? 'Failed' : 'Completed';
  if (policy === 'failAtEnd') return totals.failed > 0 ? 'Failed' : 'Completed';
  return isOverLimit(policy, totals, true) ? 'Failed' : 'Completed';
}

/** Returns the run that a job, message or row belongs to. */
export function runOf({ partition, job, runNumber }: JobRun): JobRun {
  return { partition, job, runNumber };
}

/** Returns a string that is unique to the run. */
export function runId({ partition, job, runNumber }: JobRun): string {
  return JSON.stringify([partition, job, runNumber]);
}

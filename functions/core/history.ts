import type { JobMove, JobStatus } from './job-status.ts';

/** Who acts where no user does. */
export const SYSTEM = 'system';

export type HistoryVerb = 'create' | 'edit' | Exclude<JobMove, 'resumeWaiting'>;

/** One change of a job that a user can see: of its status, or an edit. */
export interface HistoryEntry {
  /** Of the job, as this change made it. */
  readonly version: number;
  readonly time: number;
  readonly verb: HistoryVerb;
  /** The `sub` of the token that asked for it, or `system`. */
  readonly actor: string;
  readonly from?: JobStatus;
  readonly to?: JobStatus;
  readonly reason?: string;
}

import { JOB_MOVES, type JobMove, type JobStatus } from './job-status.ts';

/** The actor of changes that no user made. */
export const SYSTEM = 'system';

type ShownMove = Exclude<JobMove, 'resumeWaiting'>;

/** Users see one verb for resuming, whether the job becomes Active or Waiting. */
const SHOWN_MOVES = JOB_MOVES.filter((move): move is ShownMove => move !== 'resumeWaiting');
export const HISTORY_VERBS = ['create', 'edit', ...SHOWN_MOVES] as const;
export type HistoryVerb = (typeof HISTORY_VERBS)[number];

/** One change of a job that users can see: a change of status, or an edit. */
export interface HistoryEntry {
  /** The version of the job after this change. */
  readonly version: number;
  readonly time: number;
  readonly verb: HistoryVerb;
  /** The `sub` of the token that made the request, or `system`. */
  readonly actor: string;
  readonly from?: JobStatus;
  readonly to?: JobStatus;
  readonly reason?: string;
}

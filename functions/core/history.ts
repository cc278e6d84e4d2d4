import { JOB_MOVES, type JobMove, type JobStatus } from './job-status.ts';

/** Who acts where no user does. */
export const SYSTEM = 'system';

type ShownMove = Exclude<JobMove, 'resumeWaiting'>;

/** To users, resuming is one verb, whatever it leads to. */
const SHOWN_MOVES = JOB_MOVES.filter((move): move is ShownMove => move !== 'resumeWaiting');
export const HISTORY_VERBS = ['create', 'edit', ...SHOWN_MOVES] as const;
export type HistoryVerb = (typeof HISTORY_VERBS)[number];

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

/** The life of a job, written down a second time and apart from the product, so that a slip in its table shows. */
import type { Job } from '#core/job.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { Role } from './functions.ts';

interface Move {
  readonly from: readonly JobStatus[];
  /** Where the verb is answered and changes nothing. */
  readonly noop?: readonly JobStatus[];
  /** Functions that make it of themselves; users make it by their commands. */
  readonly by: readonly Role[];
}

export const LIVE: readonly JobStatus[] = ['Waiting', 'Active', 'Paused', 'Blocked'];

/** By the verbs of the history. */
export const MOVES = {
  dispatch: { from: ['Waiting'], by: ['dispatch'] },
  pause: { from: ['Waiting', 'Active', 'Blocked'], noop: ['Paused'], by: [] },
  resume: { from: ['Paused'], noop: ['Active'], by: [] },
  cancel: { from: LIVE, noop: ['Cancelled'], by: [] },
  complete: { from: ['Active'], by: ['track', 'dispatch'] },
  fail: { from: ['Waiting', 'Active', 'Paused'], by: ['track', 'dispatch', 'split', 'bury'] },
  expire: { from: LIVE, by: ['dispatch', 'sweep'] },
  retry: { from: ['Completed', 'Failed'], by: [] },
} as const satisfies Record<string, Move>;
export type Verb = keyof typeof MOVES;

export function isVerb(verb: string | undefined): verb is Verb {
  return verb !== undefined && Object.hasOwn(MOVES, verb);
}

/** What becomes of the job; `noop` and `refused` leave it as it is. */
export function statusAfter(
  verb: Verb,
  job: Pick<Job, 'status' | 'pausedFrom'>,
): JobStatus | 'noop' | 'refused' {
  const { from, noop = [] }: Omit<Move, 'by'> = MOVES[verb];
  if (noop.includes(job.status)) return 'noop';
  if (!from.includes(job.status)) return 'refused';
  switch (verb) {
    case 'pause':
      return 'Paused';
    case 'resume':
      return job.pausedFrom ?? 'Active';
    case 'cancel':
      return 'Cancelled';
    case 'expire':
      return 'Expired';
    case 'complete':
      return 'Completed';
    case 'fail':
      return 'Failed';
    default:
      return 'Active';
  }
}

export function isOver({ status }: Pick<Job, 'status'>): boolean {
  return !LIVE.includes(status);
}

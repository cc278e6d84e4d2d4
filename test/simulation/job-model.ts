/** The lifecycle of a job, written independently of the product, so that an error in its table shows. */
import type { Job } from '#core/job.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { Role } from './functions.ts';

interface Move {
  readonly from: readonly JobStatus[];
  /** Statuses in which the verb succeeds without changing anything. */
  readonly noop?: readonly JobStatus[];
  /** Functions that make the move without a request. Users make it with their commands. */
  readonly by: readonly Role[];
}

export const LIVE: readonly JobStatus[] = ['Waiting', 'Active', 'Paused', 'Blocked'];

/** Moves by the verb in the history. */
export const MOVES = {
  dispatch: { from: ['Waiting'], by: ['dispatch'] },
  pause: { from: ['Waiting', 'Active', 'Blocked'], noop: ['Paused'], by: [] },
  resume: { from: ['Paused'], noop: ['Active'], by: [] },
  cancel: { from: LIVE, noop: ['Cancelled'], by: [] },
  complete: { from: ['Active'], by: ['track', 'dispatch'] },
  fail: { from: ['Waiting', 'Active', 'Paused'], by: ['track', 'dispatch', 'split', 'deadLetters'] },
  expire: { from: LIVE, by: ['dispatch', 'sweep'] },
  retry: { from: ['Completed', 'Failed'], by: [] },
  restart: { from: ['Failed'], by: ['dispatch'] },
} as const satisfies Record<string, Move>;
export type Verb = keyof typeof MOVES;

export function isVerb(verb: string | undefined): verb is Verb {
  return verb !== undefined && Object.hasOwn(MOVES, verb);
}

/** Returns the status after the verb; `noop` and `refused` leave the job unchanged. */
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
    case 'restart':
      return 'Waiting';
    default:
      return 'Active';
  }
}

export function isFinal({ status }: Pick<Job, 'status'>): boolean {
  return !LIVE.includes(status);
}

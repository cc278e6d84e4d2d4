export const JOB_STATUSES = [
  'Waiting',
  'Active',
  'Paused',
  'Blocked',
  'Completed',
  'Failed',
  'Cancelled',
  'Expired',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const FINAL_STATUSES = ['Completed', 'Failed', 'Cancelled', 'Expired'] as const satisfies JobStatus[];
export const LIVE_STATUSES = ['Waiting', 'Active', 'Paused', 'Blocked'] as const satisfies JobStatus[];

export function isFinal(status: JobStatus): boolean {
  return (FINAL_STATUSES as readonly JobStatus[]).includes(status);
}

/** The transitions of a job: verbs of the API and events of the system. */
export const JOB_MOVES = [
  'dispatch',
  'pause',
  'resume',
  'resumeWaiting',
  'block',
  'recover',
  'complete',
  'fail',
  'cancel',
  'expire',
  'retry',
  'restart',
] as const;
export type JobMove = (typeof JOB_MOVES)[number];

interface Transition {
  readonly from: readonly JobStatus[];
  readonly to: JobStatus;
  /** Statuses in which the verb succeeds without a change. */
  readonly noop?: readonly JobStatus[];
}

/** All allowed transitions of status. The lifecycle graph in docs is generated from this table. */
export const TRANSITIONS: Readonly<Record<JobMove, Transition>> = {
  dispatch: { from: ['Waiting'], to: 'Active' },
  pause: { from: ['Waiting', 'Active', 'Blocked'], to: 'Paused', noop: ['Paused'] },
  resume: { from: ['Paused'], to: 'Active', noop: ['Active'] },
  resumeWaiting: { from: ['Paused'], to: 'Waiting' },
  block: { from: ['Active'], to: 'Blocked' },
  recover: { from: ['Blocked'], to: 'Active' },
  complete: { from: ['Active'], to: 'Completed' },
  fail: { from: ['Waiting', 'Active', 'Paused', 'Blocked'], to: 'Failed' },
  cancel: { from: ['Waiting', 'Active', 'Paused', 'Blocked'], to: 'Cancelled', noop: ['Cancelled'] },
  expire: { from: ['Waiting', 'Active', 'Paused', 'Blocked'], to: 'Expired' },
  retry: { from: ['Failed', 'Completed'], to: 'Active' },
  restart: { from: ['Failed'], to: 'Waiting' },
};

export type MoveDecision = { kind: 'move'; to: JobStatus } | { kind: 'noop' } | { kind: 'refused' };

export function decideMove(move: JobMove, status: JobStatus): MoveDecision {
  const { from, to, noop } = TRANSITIONS[move];
  if (from.includes(status)) return { kind: 'move', to };
  return noop?.includes(status) ? { kind: 'noop' } : { kind: 'refused' };
}

import { describe, expect, test } from 'vitest';
import {
  decideMove,
  FINAL_STATUSES,
  isFinal,
  JOB_MOVES,
  JOB_STATUSES,
  type JobMove,
  type JobStatus,
  LIVE_STATUSES,
} from '#core/job-status.ts';

/** Written from the table of the domain, not from the code. Any other transition is refused. */
const ALLOWED: Readonly<Record<JobStatus, Partial<Readonly<Record<JobMove, JobStatus | 'noop'>>>>> = {
  Waiting: { dispatch: 'Active', pause: 'Paused', fail: 'Failed', cancel: 'Cancelled', expire: 'Expired' },
  Active: {
    pause: 'Paused',
    resume: 'noop',
    block: 'Blocked',
    complete: 'Completed',
    fail: 'Failed',
    cancel: 'Cancelled',
    expire: 'Expired',
  },
  Paused: {
    pause: 'noop',
    resume: 'Active',
    resumeWaiting: 'Waiting',
    fail: 'Failed',
    cancel: 'Cancelled',
    expire: 'Expired',
  },
  Blocked: { pause: 'Paused', recover: 'Active', fail: 'Failed', cancel: 'Cancelled', expire: 'Expired' },
  Completed: { retry: 'Active' },
  Failed: { retry: 'Active', restart: 'Waiting' },
  Cancelled: { cancel: 'noop' },
  Expired: {},
};

describe.each(JOB_STATUSES)('a job that is %s', (status) => {
  test.each(JOB_MOVES)('handles %s as the domain specifies', (move) => {
    const allowed = ALLOWED[status][move];

    const decision = decideMove(move, status);

    if (allowed === undefined) expect(decision).toEqual({ kind: 'refused' });
    else if (allowed === 'noop') expect(decision).toEqual({ kind: 'noop' });
    else expect(decision).toEqual({ kind: 'move', to: allowed });
  });
});

test('a status is either final or live', () => {
  expect([...LIVE_STATUSES, ...FINAL_STATUSES].toSorted()).toEqual([...JOB_STATUSES].toSorted());
  expect(JOB_STATUSES.filter(isFinal)).toEqual(FINAL_STATUSES);
});

test('only a retry or a restart leaves a final status', () => {
  const leaving = FINAL_STATUSES.flatMap((status) =>
    JOB_MOVES.filter((move) => decideMove(move, status).kind === 'move'),
  );

  expect(new Set(leaving)).toEqual(new Set(['retry', 'restart']));
});

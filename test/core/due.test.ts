import { describe, expect, test } from 'vitest';
import { type DueAction, dueActionOf, dueTime } from '#core/due.ts';
import type { Job } from '#core/job.ts';
import { aDraft } from '../support/jobs.ts';

const START = 1_000;
const END = 2_000;

const aJob = (fields: Partial<Job>): Job => {
  const { hold: _hold, reason: _reason, ...draft } = aDraft({ createTime: 0 });
  return { ...draft, runNumber: 1, version: 1, lastUpdateTime: 0, status: 'Waiting', ...fields };
};
const expiry = { waiting: { expiryTime: new Date(END).toISOString() } };

describe('the sweeper processes a job', () => {
  test.each<[string, Partial<Job>, number | undefined]>([
    ['never, if it needs no action', {}, undefined],
    ['when its delay has ended', { startDue: START }, START],
    ['when its time is up', { expiry }, END],
    ['at the earlier of both', { startDue: START, expiry }, START],
    ['not to start, while it is on the waitlist', { startDue: START, queued: true, expiry }, END],
    [
      'not to start, once it is paused',
      { startDue: START, status: 'Paused', pausedFrom: 'Waiting' },
      undefined,
    ],
    ['to delete the rows of unfinished work', { status: 'Cancelled', clearDue: END }, END],
    ['not to start, once it is final', { startDue: START, status: 'Completed' }, 30 * 86_400_000],
  ])('%s', (_, fields, time) => {
    expect(dueTime(aJob(fields))).toBe(time);
  });

  test.each<[string, Partial<Job>, number, DueAction | undefined]>([
    ['nothing before its time', { startDue: START, expiry }, START - 1, undefined],
    ['its start, from exactly that time', { startDue: START, expiry }, START, 'start'],
    ['its expiry, from exactly that time', { expiry }, END, 'expire'],
    ['its leftover rows, from exactly that time', { status: 'Cancelled', clearDue: END }, END, 'clear'],
    [
      'its deletion, though what it left is due, too',
      { status: 'Cancelled', clearDue: END },
      40 * 86_400_000,
      'expire',
    ],
    ['its expiry, even if its start is due too', { startDue: START, expiry }, END, 'expire'],
  ])('for %s', (_, fields, now, action) => {
    expect(dueActionOf(aJob(fields), now)).toBe(action);
  });
});

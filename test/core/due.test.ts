import { describe, expect, test } from 'vitest';
import { type DueAction, dueTime, whatIsDue } from '#core/due.ts';
import type { Job } from '#core/job.ts';
import { aDraft } from '../support/jobs.ts';

const START = 1_000;
const END = 2_000;

const aJob = (fields: Partial<Job>): Job => {
  const { hold: _hold, reason: _reason, ...draft } = aDraft({ createTime: 0 });
  return { ...draft, generation: 1, version: 1, lastUpdateTime: 0, status: 'Waiting', ...fields };
};
const expiry = { waiting: { expiryTime: new Date(END).toISOString() } };

describe('a job is looked at', () => {
  test.each<[string, Partial<Job>, number | undefined]>([
    ['never, where nothing is to happen', {}, undefined],
    ['when its delay is over', { startDue: START }, START],
    ['when its time is up', { expiry }, END],
    ['at the first of both', { startDue: START, expiry }, START],
    ['not to start, while it stands in line', { startDue: START, queued: true, expiry }, END],
    [
      'not to start, once it is paused',
      { startDue: START, status: 'Paused', pausedFrom: 'Waiting' },
      undefined,
    ],
    ['to clear what it left, where it was cut short', { status: 'Cancelled', clearDue: END }, END],
    ['not to start, once it is over', { startDue: START, status: 'Completed' }, 30 * 86_400_000],
  ])('%s', (_, fields, time) => {
    expect(dueTime(aJob(fields))).toBe(time);
  });

  test.each<[string, Partial<Job>, number, DueAction | undefined]>([
    ['nothing before its time', { startDue: START, expiry }, START - 1, undefined],
    ['its start, from that very moment', { startDue: START, expiry }, START, 'start'],
    ['its end, from that very moment', { expiry }, END, 'expire'],
    ['what it left, from that very moment', { status: 'Cancelled', clearDue: END }, END, 'clear'],
    [
      'its deletion, though what it left is due, too',
      { status: 'Cancelled', clearDue: END },
      40 * 86_400_000,
      'expire',
    ],
    ['its end, though its start is due, too', { startDue: START, expiry }, END, 'expire'],
  ])('for %s', (_, fields, now, action) => {
    expect(whatIsDue(aJob(fields), now)).toBe(action);
  });
});

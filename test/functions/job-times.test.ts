import { describe, expect, test } from 'vitest';
import { activeMillisAt, type Job } from '#core/job.ts';
import type { JobMove } from '#core/job-status.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { moveJob } from '../../functions/store/jobs.ts';
import { aDraft, JOB } from '../support/jobs.ts';
import { memoryWorld } from '../support/memory/world.ts';

/** A job that made these moves, ten seconds apart, looked at ten seconds after the last. */
async function after(moves: readonly JobMove[]): Promise<{ job: Job; now: number }> {
  const { table } = memoryWorld();
  let { job } = await insertJob(table, aDraft({ createTime: 0 }), { body: '{}' });
  let now = 0;
  for (const move of moves) {
    now += 10_000;
    const moved = await moveJob(table, JOB, move, { now });
    if (moved.kind !== 'moved') throw new Error(`${move} was not done: ${moved.kind}`);
    job = moved.job;
  }
  return { job, now: now + 10_000 };
}

describe('the times of a job', () => {
  test.each<[string, JobMove[], { startTime?: number; endTime?: number; active: number }]>([
    ['that waits', [], { active: 0 }],
    ['that runs', ['dispatch'], { startTime: 10_000, active: 10_000 }],
    ['that is paused', ['dispatch', 'pause'], { startTime: 10_000, active: 10_000 }],
    ['that was resumed', ['dispatch', 'pause', 'resume'], { startTime: 10_000, active: 20_000 }],
    ['that is blocked', ['dispatch', 'block'], { startTime: 10_000, active: 10_000 }],
    ['that completed', ['dispatch', 'complete'], { startTime: 10_000, endTime: 20_000, active: 10_000 }],
    ['that never started', ['pause', 'cancel'], { endTime: 20_000, active: 0 }],
    ['that waited twice', ['pause', 'resume', 'dispatch'], { startTime: 30_000, active: 10_000 }],
    [
      'that was cancelled while paused',
      ['dispatch', 'pause', 'cancel'],
      { startTime: 10_000, endTime: 30_000, active: 10_000 },
    ],
  ])('%s are unchanged', async (_, moves, { startTime, endTime, active }) => {
    const { job, now } = await after(moves);

    expect([job.startTime, job.endTime]).toEqual([startTime, endTime]);
    expect(activeMillisAt(job, now)).toBe(active);
  });
});

import { expect, test } from 'vitest';
import { putFailures } from '../../../functions/store/failures.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { type ApiWorld, apiWorld, BODY, createdJob } from './api-world.ts';

const ACTIVITY = '/partitions/p1/jobStats/activity';
const HOUR = 3_600_000;
/** The clock of a world begins at a whole hour. */
const START = Date.UTC(2026, 0, 1);

interface Outcome {
  readonly minutes: number;
  readonly items: number;
  readonly failed?: number;
  readonly message?: string;
  readonly hidden?: boolean;
}

/** Runs a job to its end, in this number of minutes. */
async function finishedJob(world: ApiWorld, id: string, outcome: Outcome): Promise<void> {
  const { minutes, items, failed = 0, message = 'no such page', hidden = false } = outcome;
  const { table, clock } = world;
  await createdJob(world, id, BODY);
  if (hidden) await world.call('PATCH', `/partitions/p1/jobs/${id}`, { body: { hidden } });
  const run = { partition: 'p1', job: id, runNumber: 1 };
  await moveJob(table, run, 'dispatch', { now: clock.now() });
  clock.advance(minutes * 60_000);
  const now = clock.now();
  const failures = Array.from({ length: failed }, (_, at) => ({
    failureId: `root/${at}/${at}`,
    failureTime: now,
    failureSource: `batch root, chunk ${at}, item k${at}`,
    failureMessage: message,
    code: 'broken',
    attempts: 1,
  }));
  await putFailures(table, run, failures);
  await addProgress(
    table,
    run,
    { found: items, done: items, failed },
    { now, operations: { queueRequests: 1000 } },
  );
  await moveJob(table, run, 'complete', { now, totals: { items, failed, skipped: 0 } });
}

async function activityOf(world: ApiWorld, query = '') {
  const { status, body } = await world.call('GET', ACTIVITY, { query });
  expect(status).toBe(200);
  return body;
}

function sumOf(body: { intervals: readonly Record<string, number>[] }, name: string): number {
  return body.intervals.reduce((sum, interval) => sum + (interval[name] ?? 0), 0);
}

test('items and cost of a job are distributed over its time', async () => {
  const world = apiWorld();
  await finishedJob(world, 'a', { minutes: 20, items: 100, failed: 10 });

  const body = await activityOf(world, 'hours=1');
  const cost = await world.call('GET', '/partitions/p1/jobs/a/cost');

  const active = body.intervals.filter(({ items }: { items: number }) => items > 0);
  expect(active).toHaveLength(20);
  expect(active[0]).toEqual({ startTime: START, items: 5, failed: 0.5, dollars: 0.000025 });
  expect(sumOf(body, 'dollars')).toBeCloseTo(cost.body.dollars, 9);
  expect(body.intervals.at(-1)).toEqual({ startTime: body.until, items: 0, failed: 0, dollars: 0 });
  expect(body).toMatchObject({
    until: world.clock.now(),
    intervalMillis: 60_000,
    jobsRead: 1,
    isComplete: true,
  });
});

test('a running job counts with what it has done, up to its last progress', async () => {
  const world = apiWorld();
  await createdJob(world, 'a', BODY);
  const run = { partition: 'p1', job: 'a', runNumber: 1 };
  await moveJob(world.table, run, 'dispatch', { now: world.clock.now() });
  world.clock.advance(10 * 60_000);
  await addProgress(world.table, run, { found: 100, done: 30, failed: 3 }, { now: world.clock.now() });
  world.clock.advance(2 * HOUR);

  const body = await activityOf(world);

  expect(body.intervals).toHaveLength(97);
  expect([sumOf(body, 'items'), sumOf(body, 'failed')]).toEqual([30, 3]);
  expect(body.intervals.findLast(({ items }: { items: number }) => items > 0).startTime).toBe(START);
});

test('work before the period is not counted', async () => {
  const world = apiWorld();
  await finishedJob(world, 'old', { minutes: 5, items: 10, failed: 2 });
  world.clock.advance(2 * HOUR);
  await finishedJob(world, 'new', { minutes: 5, items: 20 });

  const body = await activityOf(world, 'hours=1');

  expect([sumOf(body, 'items'), body.failureGroups, body.jobsRead]).toEqual([20, [], 2]);
});

test('failures with one cause are one group over all jobs, without those of hidden jobs', async () => {
  const world = apiWorld();
  await finishedJob(world, 'a', { minutes: 1, items: 9, failed: 2 });
  await finishedJob(world, 'b', { minutes: 1, items: 9, failed: 3 });
  await finishedJob(world, 'c', { minutes: 1, items: 9, failed: 1, message: 'the server is busy' });
  await finishedJob(world, 'd', { minutes: 1, items: 9, failed: 4, hidden: true });

  const { failureGroups } = await activityOf(world);

  expect(failureGroups).toMatchObject([
    {
      code: 'broken',
      message: 'no such page',
      count: 5,
      isAtLeast: false,
      jobs: [
        { id: 'b', status: 'Completed', count: 3, splitter: 'range', workers: ['rehearse'] },
        { id: 'a', status: 'Completed', count: 2 },
      ],
      example: { failureMessage: 'no such page' },
    },
    { message: 'the server is busy', count: 1, jobs: [{ id: 'c', count: 1 }] },
  ]);
});

test('a group says that it is not complete if a job has more failures than are read', async () => {
  const world = apiWorld();
  await finishedJob(world, 'a', { minutes: 1, items: 999, failed: 201 });

  const { failureGroups } = await activityOf(world);

  expect(failureGroups).toMatchObject([{ count: 200, isAtLeast: true }]);
});

test('only the newest jobs are read', async () => {
  const world = apiWorld();
  for (let job = 0; job < 501; job += 1) await createdJob(world, `j${job}`, BODY);

  expect(await activityOf(world)).toMatchObject({ jobsRead: 500, isComplete: false, failureGroups: [] });
});

test.each(['hours=0', 'hours=25', 'hours=1.5', 'hours=x', 'limit=3'])('%s is refused', async (query) => {
  const { status, body } = await apiWorld().call('GET', ACTIVITY, { query });

  expect([status, body.code]).toEqual([400, 'invalid-request']);
});

import { expect, test } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';
import { queryOf, worldOf } from './lists.ts';

const STATS = '/partitions/p1/jobStats';

async function someJobs(): Promise<ApiWorld> {
  const world = await worldOf(apiWorld(), {
    'a-1': { labels: { owner: 'bob' } },
    'a-2': { labels: { owner: 'eve' } },
    'b-1': {},
    'b-2': { hold: true },
  });
  const run = { partition: 'p1', job: 'b-1', runNumber: 1 };
  await moveJob(world.table, run, 'dispatch', { now: world.clock.now() });
  await addProgress(world.table, run, { found: 100, done: 50 }, { now: 0 });
  world.clock.advance(120_000);
  return world;
}

test.each([
  [{}, 4],
  [{ jobIdStartsWith: 'a-' }, 2],
  [{ filter: 'labels.owner==bob' }, 1],
  [{ labelExist: 'owner', status: 'Waiting' }, 2],
  [{ statusType: 'Completed' }, 0],
  [{ includeHidden: 'true' }, 4],
])('the number of jobs is a bare number: %o is %i', async (parameters, expected) => {
  const world = await someJobs();

  const { status, text } = await world.call('GET', `${STATS}/count`, { query: queryOf(parameters) });

  expect([status, text]).toEqual([200, String(expected)]);
});

test('the numbers of a partition: by status, the rate, and the oldest that waits', async () => {
  const world = await someJobs();

  const { status, body } = await world.call('GET', STATS);

  expect(status).toBe(200);
  const none = { Blocked: 0, Completed: 0, Failed: 0, Cancelled: 0, Expired: 0 };
  expect(body).toEqual({
    total: 4,
    byStatus: { Waiting: 2, Active: 1, Paused: 1, ...none },
    itemsPerMinute: 25,
    withFailures: 0,
    stuck: 0,
    oldestWaiting: { id: 'a-1', createTime: expect.any(Number) },
  });
});

test('jobs with failures and jobs without progress are counted', async () => {
  const world = await someJobs();
  const run = { partition: 'p1', job: 'a-1', runNumber: 1 };
  const now = world.clock.now();
  await moveJob(world.table, run, 'dispatch', { now });
  const totals = { items: 3, failed: 1, skipped: 0 };
  await moveJob(world.table, run, 'complete', { now, totals });
  await addProgress(world.table, { ...run, job: 'b-1' }, { failed: 2 }, { now });
  const stats = async () => (await world.call('GET', STATS)).body;
  const before = await stats();

  world.clock.advance(600_000);

  expect(before).toMatchObject({ withFailures: 2, stuck: 0 });
  expect(await stats()).toMatchObject({ withFailures: 2, stuck: 1 });
});

test('the numbers of an empty partition are zeros', async () => {
  const { body } = await apiWorld().call('GET', STATS, { query: queryOf({ filter: 'id==none' }) });

  expect(body).toMatchObject({ total: 0, itemsPerMinute: 0, oldestWaiting: null });
});

test.each(['filter=x', 'limit=3', 'sort=name:asc'])(
  'unknown and wrong parameters are refused: %s',
  async (query) => {
    for (const path of [STATS, `${STATS}/count`]) {
      expect((await apiWorld().call('GET', path, { query })).status).toBe(400);
    }
  },
);

test('a query that would take longer than a request is refused with advice', async () => {
  const world = await someJobs();
  const { table, clock } = world;
  // Each query takes longer than the time limit of all queries.
  const query = table.query.bind(table);
  table.query = async (asked) => {
    clock.advance(25_000);
    return query({ ...asked, limit: 2 });
  };

  const { status, body } = await world.call('GET', `${STATS}/count`);

  expect([status, body.code]).toEqual([422, 'query-too-broad']);
});

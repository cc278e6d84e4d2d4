import { describe, expect, test } from 'vitest';
import { Meter } from '#core/meter.ts';
import type { Table } from '#core/ports.ts';
import { dispatchJobs } from '../../../functions/dispatch-jobs/dispatch-jobs.ts';
import { moveJob, readJob } from '../../../functions/store/jobs.ts';
import { jobKey } from '../../../functions/store/keys.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS } from './api-world.ts';
import { idsOf, queryOf, worldOf } from './lists.ts';
import { drainBulk, manyJobs } from './many-jobs.ts';
import { token } from './tokens.ts';

const bulk = (world: ApiWorld, verb: string, parameters: Record<string, string> = {}) =>
  world.call('POST', `${JOBS}:${verb}`, { query: queryOf(parameters) });

async function statuses(world: ApiWorld): Promise<Record<string, number>> {
  const { body } = await world.call('GET', '/partitions/p1/jobStats', { query: 'includeHidden=true' });
  const entries = Object.entries<number>(body.byStatus);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

describe('a bulk action', () => {
  async function someJobs(): Promise<ApiWorld> {
    const world = await worldOf(apiWorld(), {
      'a-1': { labels: { owner: 'bob' } },
      'a-2': { labels: { team: 'x' } },
      'b-1': { labels: { owner: 'eve' } },
      'b-2': { hold: true },
      'b-3': {},
    });
    await moveJob(world.table, { partition: 'p1', job: 'b-3' }, 'dispatch', { now: 1 });
    await moveJob(world.table, { partition: 'p1', job: 'b-3' }, 'complete', { now: 2 });
    return world;
  }

  test.each([
    ['cancel', {}, { jobsCanceled: 4 }, { Cancelled: 4, Completed: 1 }],
    ['cancel', { jobIdStartsWith: 'b-' }, { jobsCanceled: 2 }, { Cancelled: 2, Completed: 1, Waiting: 2 }],
    ['cancel', { labelExist: 'team,owner' }, { jobsCanceled: 3 }, { Cancelled: 3, Completed: 1, Paused: 1 }],
    [
      'cancel',
      { filter: 'labels.owner==e*' },
      { jobsCanceled: 1 },
      { Cancelled: 1, Completed: 1, Waiting: 2, Paused: 1 },
    ],
    ['delete', {}, { jobsDeleted: 5 }, {}],
    ['delete', { filter: 'status==Completed' }, { jobsDeleted: 1 }, { Waiting: 3, Paused: 1 }],
    ['pause', {}, { jobsPaused: 3 }, { Paused: 4, Completed: 1 }],
    ['resume', {}, { jobsResumed: 1 }, { Waiting: 4, Completed: 1 }],
    ['resume', { filter: 'id==none' }, { jobsResumed: 0 }, { Waiting: 3, Paused: 1, Completed: 1 }],
  ])('%s %o answers %o', async (verb, parameters, answer, expected) => {
    const world = await someJobs();

    const dry = await bulk(world, verb, { ...parameters, dryRun: 'true' });
    const { status, body } = await bulk(world, verb, parameters);
    const again = await bulk(world, verb, parameters);

    expect([dry.status, dry.body]).toEqual([200, { ...answer, dryRun: true }]);
    expect([status, body]).toEqual([200, answer]);
    expect(Object.values(again.body)).toEqual([0]);
    const left = await statuses(world);
    expect(left).toEqual(expected);
  });

  test('passes over hidden jobs, and other partitions', async () => {
    const world = await someJobs();
    const key = jobKey({ partition: 'p1', job: 'a-1' });
    await world.table.write({ kind: 'update', key, change: { set: { hidden: true } } });
    const all = token({ partitions: ['*'], role: 'operator' });

    const other = await world.call('POST', '/partitions/p2/jobs:cancel', { token: all });
    const shown = await bulk(world, 'cancel');
    const hidden = await bulk(world, 'cancel', { includeHidden: 'true' });

    expect([other.body, shown.body, hidden.body].map(({ jobsCanceled }) => jobsCanceled)).toEqual([0, 3, 1]);
  });

  test('resumes a job to its previous status', async () => {
    const world = await someJobs();
    await moveJob(world.table, { partition: 'p1', job: 'a-1' }, 'dispatch', { now: 1 });
    await bulk(world, 'pause');

    await bulk(world, 'resume');

    expect(await statuses(world)).toEqual({ Active: 1, Waiting: 3, Completed: 1 });
  });

  test('is recorded with its caller in the history of each job', async () => {
    const world = await someJobs();
    await bulk(world, 'pause');
    const { body } = await world.call('GET', `${JOBS}/a-1/history`);
    expect(body.at(-1)).toMatchObject({ verb: 'pause', actor: 'alice' });
  });

  test('asks its criteria of the job itself where the index is behind', async () => {
    const world = await someJobs();
    const { table } = world;
    const query = table.query.bind(table);
    table.query = async (asked) => {
      const page = await query(asked);
      await moveJob(table, { partition: 'p1', job: 'b-1' }, 'dispatch', { now: 5 });
      return page;
    };

    const { body } = await bulk(world, 'delete', { filter: 'status==Waiting' });

    expect(body).toEqual({ jobsDeleted: 2 });
    expect(await readJob(table, { partition: 'p1', job: 'b-1' })).toMatchObject({ status: 'Active' });
  });

  test.each([
    'status=Waiting',
    'limit=3',
    'dryRun=yes',
    'filter=',
    'filter=x==',
    'labelExist=',
    'force=true',
  ])('with wrong criteria changes nothing: %s', async (query) => {
    const world = await someJobs();

    const { status } = await world.call('POST', `${JOBS}:delete`, { query });

    expect(status).toBe(400);
    expect(await statuses(world)).toEqual({ Waiting: 3, Paused: 1, Completed: 1 });
  });

  test('is found with its colon encoded', async () => {
    const { status, body } = await (await someJobs()).call('POST', '/partitions/p1/jobs%3Apause');

    expect([status, body]).toEqual([200, { jobsPaused: 3 }]);
  });

  test('needs an operator, and a method of its path', async () => {
    const world = await someJobs();

    const viewer = await world.call('POST', `${JOBS}:cancel`, { token: token({ role: 'viewer' }) });
    const get = await world.call('GET', `${JOBS}:cancel`);
    const foreign = await world.call('POST', '/partitions/p2/jobs:delete');
    const body = await world.call('POST', `${JOBS}:cancel`, { body: { filter: 'id==a' } });

    expect([viewer.status, get.status, foreign.status, body.status]).toEqual([403, 405, 404, 400]);
  });
});

describe('a bulk action on many jobs', () => {
  test.each([999, 1_000])('on %i does all within the request', async (count) => {
    const world = apiWorld();
    await manyJobs(world, count);

    const { status, body } = await bulk(world, 'delete');

    expect([status, body]).toEqual([200, { jobsDeleted: count }]);
  });

  test('on 1,000 among others that it would not change does all within the request', async () => {
    const world = apiWorld();
    await manyJobs(world, 1_300, (i) => (i % 13 < 10 ? { yes: '1' } : {}));
    await bulk(world, 'pause', { filter: 'id==m-*;labels.yes!=2' });

    const { status, body } = await bulk(world, 'pause', {});

    expect([status, body]).toEqual([200, { jobsPaused: 300 }]);
  });

  test.each(['cancel', 'delete', 'pause'] as const)(
    '%s: continues in the background after 1,000 jobs',
    async (verb) => {
      const world = apiWorld();
      await manyJobs(world, 2_345, (i) => ({ mod: String(i % 2) }));
      const [count] = Object.keys((await bulk(world, verb, { dryRun: 'true' })).body);

      const { status, body, headers } = await bulk(world, verb, { filter: 'labels.mod=in=(0,1)' });
      await createdJob(world, 'later');
      const path = `/partitions/p1/bulkOperations/${body.bulkOperation.id}`;
      const running = await world.call('GET', path);
      await drainBulk(world);
      const completed = await world.call('GET', path);

      expect([status, body[String(count)], headers['Location']]).toEqual([202, 1_000, `../..${path}`]);
      expect(running.body).toMatchObject({ status: 'Running', verb, [String(count)]: 1_000 });
      expect(running.body.criteria).toEqual({ filter: 'labels.mod=in=(0,1)' });
      expect(completed.body).toMatchObject({ status: 'Completed', [String(count)]: 2_345 });
      expect(completed.body.endTime).toBeGreaterThanOrEqual(completed.body.createTime);
      const { body: untouched } = await world.call('GET', JOBS, { query: 'status=Waiting' });
      expect(idsOf(untouched)).toEqual(['later']);
      expect(JSON.stringify([...world.table.rows()])).not.toContain('"followUp":"bulk"');
    },
  );

  test('continues in the background when the request takes too long', async () => {
    const world = apiWorld();
    await manyJobs(world, 300);
    const query = world.table.query.bind(world.table);
    world.table.query = async (asked) => {
      world.clock.advance(21_000);
      return query(asked);
    };

    const { status, body } = await bulk(world, 'cancel');
    await drainBulk(world);

    expect([status, body.jobsCanceled]).toEqual([202, 0]);
    expect(await statuses(world).catch(() => ({}))).toEqual({ Cancelled: 300 });
  });

  test('continues from the same position after an invocation that ends early', async () => {
    const world = apiWorld();
    await manyJobs(world, 1_500);
    await bulk(world, 'cancel');
    const [record] = world.table.takeChanges().filter(({ new: row }) => row?.['followUp'] === 'bulk');
    const dispatch = dispatchJobs({ ...world, meter: new Meter() });

    let looks = 0;
    if (record?.new) await dispatch(record.new, () => ++looks > 2);
    await drainBulk(world);

    expect(await statuses(world)).toEqual({ Cancelled: 1_500 });
  });

  test.each([3, 4, 8, 51, 334])(
    'completes although every %i-th call fails after its effect',
    async (every) => {
      const world = apiWorld();
      await manyJobs(world, 1_400);
      const { body } = await bulk(world, 'cancel');
      let calls = 0;
      const faulty = new Proxy(world.table, {
        get(target, name) {
          const method = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return async (...given: unknown[]) => {
            const answer = await method.apply(target, given);
            calls += 1;
            // Fewer and fewer, as outages go.
            if (calls < 2_000 && calls % every === 0) throw new Error('simulated: reply lost');
            return answer;
          };
        },
      });

      await drainBulk(world, faulty as Table);

      const path = `/partitions/p1/bulkOperations/${body.bulkOperation.id}`;
      const { body: operation } = await world.call('GET', path);
      expect(operation.status).toBe('Completed');
      expect(operation.jobsCanceled).toBeLessThanOrEqual(1_400);
      expect(await statuses(world)).toEqual({ Cancelled: 1_400 });
    },
  );
});

test.each(['none', 'a%20b', 'x'.repeat(3_000)])(
  'a bulk operation that is not there is not found: %s',
  async (id) => {
    const { status, body } = await apiWorld().call('GET', `/partitions/p1/bulkOperations/${id}`);

    expect([status, body.code]).toEqual([404, 'not-found']);
  },
);

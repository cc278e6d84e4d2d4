import { describe, expect, test } from 'vitest';
import { type ApiWorld, apiWorld, type Call, createdJob } from './api-world.ts';
import { token } from './tokens.ts';

const ADMIN = token({ role: 'admin' });
const DEFAULTS = { maxActiveJobs: 100, suspended: false, retention: 'P30D', defaults: {} };
const OWN = {
  maxActiveJobs: 3,
  suspended: true,
  retention: 'P1Y2M',
  defaults: {
    priority: 7,
    expiry: { failed: { expiryTime: 'none' }, active: { expiryTime: 'createTime+P1D' } },
  },
};

const put = (world: ApiWorld, body: unknown, more: Call = {}) =>
  world.call('PUT', '/partitions/p1', { body, token: ADMIN, ...more });
const get = (world: ApiWorld) => world.call('GET', '/partitions/p1', { token: ADMIN });

describe('the settings of a partition', () => {
  test('are the defaults before they were put', async () => {
    const { status, body, headers } = await get(apiWorld());

    expect([status, headers['ETag']]).toEqual([200, '"0"']);
    expect(body).toEqual({ partition: 'p1', ...DEFAULTS, activeJobs: 0, version: 0 });
  });

  test('are replaced as a whole: omitted members get their defaults', async () => {
    const world = apiWorld();

    const first = await put(world, OWN);
    const read = await get(world);
    world.clock.advance(1_000);
    const second = await put(world, { maxActiveJobs: 5 });

    const time = { lastUpdateTime: world.clock.now() - 1_000 };
    expect([first.status, first.headers['ETag']]).toEqual([200, '"1"']);
    expect(first.body).toEqual({ partition: 'p1', ...OWN, activeJobs: 0, version: 1, ...time });
    expect(read.body).toEqual(first.body);
    expect(second.body).toEqual({
      partition: 'p1',
      ...DEFAULTS,
      maxActiveJobs: 5,
      activeJobs: 0,
      version: 2,
      lastUpdateTime: world.clock.now(),
    });
  });

  test('that are put again change nothing, in any order of their members', async () => {
    const world = apiWorld();
    const first = await put(world, OWN);
    const rows = [...world.table.rows()];
    world.clock.advance(1_000);
    const { active, failed } = OWN.defaults.expiry;

    const again = await put(world, { ...OWN, defaults: { expiry: { active, failed }, priority: 7 } });

    expect(again.body).toEqual(first.body);
    expect([...world.table.rows()]).toEqual(rows);
  });

  test('count running jobs without a change of their version', async () => {
    const world = apiWorld();
    await put(world, OWN);
    const change = { add: { activeJobs: 2 } };
    await world.table.write({ kind: 'update', key: { pk: 'P#p1', sk: 'PARTITION' }, change });

    const { body, headers } = await get(world);

    expect([body.activeJobs, body.version, headers['ETag']]).toEqual([2, 1, '"1"']);
  });

  test('owe a look at who could start now', async () => {
    const world = apiWorld();

    await put(world, OWN);

    const { row } = await world.table.get({ pk: 'P#p1', sk: 'PARTITION' });
    expect(row).toMatchObject({ followUp: 'select', turns: 1 });
  });

  test('give new jobs their priority and expiry, which a job can override', async () => {
    const world = apiWorld();
    await put(world, { defaults: { priority: 7, expiry: { waiting: { expiryTime: 'createTime+PT1H' } } } });
    const read = async (path: string) => (await world.call('GET', path)).body;
    const batch = { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' };
    const own = { priority: 2, expiry: { waiting: { expiryTime: 'none' } } };

    const silent = await read(await createdJob(world, 'silent', { batch }));
    const other = await read(await createdJob(world, 'other', { batch, ...own }));

    expect(silent).toMatchObject({ priority: 7, expiresAt: silent.createTime + 3_600_000 });
    expect(other.priority).toBe(2);
    expect(other).not.toHaveProperty('expiresAt');
  });
});

describe('PUT with If-Match', () => {
  test('changes the very version that was read, or none', async () => {
    const world = apiWorld();
    const match = (tag: string) => ({ headers: { 'If-Match': tag } });

    const first = await put(world, { maxActiveJobs: 1 }, match('"0"'));
    const late = await put(world, { maxActiveJobs: 2 }, match('"0"'));
    const second = await put(world, { maxActiveJobs: 3 }, match('W/"1"'));
    const any = await put(world, { maxActiveJobs: 4 }, match('*'));

    expect([first, late, second, any].map(({ status }) => status)).toEqual([200, 412, 200, 200]);
    expect(late.body.code).toBe('precondition-failed');
    expect(late.body.detail).toMatch(/have version 1, but If-Match requires "0"/);
  });

  test('lets one of many at the same moment through', async () => {
    const world = apiWorld();
    const limits = [1, 2, 3, 4, 5, 6, 7, 8];

    const answers = await Promise.all(
      limits.map((maxActiveJobs) => put(world, { maxActiveJobs }, { headers: { 'If-Match': '"0"' } })),
    );

    const done = answers.filter(({ status }) => status === 200);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
    expect((await get(world)).body).toEqual(done[0]?.body);
  });
});

describe('the settings are refused', () => {
  test.each([
    [{ maxActiveJobs: 0 }, '/maxActiveJobs', /1/],
    [{ maxActiveJobs: 100_001 }, '/maxActiveJobs', /100000/],
    [{ maxActiveJobs: 1.5 }, '/maxActiveJobs', /int/],
    [{ suspended: 'yes' }, '/suspended', /boolean/],
    [
      { retention: 'P1W' },
      '/retention',
      /'P1W' is not a valid retention. Use an ISO 8601 duration .*no weeks/,
    ],
    [{ retention: 'P11Y' }, '/retention', /at most 10 years/],
    [{ retention: 'none' }, '/retention', /at most 10 years/],
    [{ defaults: { priority: 10 } }, '/defaults/priority', /9/],
    [{ defaults: { labels: {} } }, '/defaults/labels', /is not known here/],
    [
      { defaults: { expiry: { active: { expiryTime: 'P1D' } } } },
      '/defaults/expiry/active/expiryTime',
      /'P1D' is not a valid expiry time/,
    ],
    [{ activeJobs: 3 }, '/activeJobs', /is not known here/],
    [[], '', /object/],
  ])('%j', async (body, pointer, detail) => {
    const world = apiWorld();

    const answer = await put(world, body);

    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
    expect(answer.body.errors[0].detail).toMatch(detail);
    expect((await get(world)).body.version).toBe(0);
  });

  test('without a body', async () => {
    expect((await put(apiWorld(), undefined)).status).toBe(400);
  });

  test.each(['viewer', 'operator'])('to a %s, to read and to put', async (role) => {
    const world = apiWorld();
    const headers = { token: token({ role }) };

    const answers = [await world.call('GET', '/partitions/p1', headers), await put(world, DEFAULTS, headers)];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
  });

  test('to an admin of another partition', async () => {
    const world = apiWorld();
    const foreign = { token: token({ role: 'admin', partitions: ['p2'] }) };

    expect((await put(world, DEFAULTS, foreign)).status).toBe(404);
    expect((await world.call('DELETE', '/partitions/p1', { token: ADMIN })).status).toBe(405);
  });
});

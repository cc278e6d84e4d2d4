import { describe, expect, test } from 'vitest';
import { JOB_STATUSES } from '#core/job-status.ts';
import { putFailures } from '../../../functions/store/failures.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';
import { token } from './tokens.ts';

const CAF_JOBS = '/caf/partitions/p1/jobs';
const J1 = `${CAF_JOBS}/j1`;
const KEY = { partition: 'p1', job: 'j1' };
const RUN = { ...KEY, runNumber: 1 };

const TASK = {
  taskClassifier: 'BatchWorker',
  taskApiVersion: 1,
  taskData: {
    batchDefinition: '{"from": 0, "to": 10}',
    batchType: 'range',
    targetPipe: 'worker-rehearse-in',
    taskMessageType: 'DocumentMessage',
    taskMessageParams: { millisPerItem: '5' },
  },
  taskPipe: 'dataprocessing-batch-in',
  targetPipe: null,
};

/** The default body of generated clients. */
const BODY = { name: 'n', prerequisiteJobIds: [null, ''], delay: 0, labels: {}, task: TASK };

async function withJob(body: unknown = BODY): Promise<ApiWorld> {
  const world = apiWorld();
  const { status, text } = await world.call('PUT', J1, { body });
  expect([status, text]).toEqual([201, '']);
  return world;
}

/** Brings the job of the world into a status. */
async function force({ table }: ApiWorld, status: string): Promise<void> {
  const key = { pk: 'P#p1#J#j1', sk: 'JOB' };
  await table.write({ kind: 'update', key, change: { set: { status } } });
}

describe('PUT of a job', () => {
  test('responds with 201 without a body, and the location of the job in this view', async () => {
    const world = apiWorld();

    const { status, text, headers } = await world.call('PUT', J1, { body: BODY });

    expect([status, text]).toEqual([201, '']);
    expect(headers['Content-Type']).toBeUndefined();
    const base = 'https://host.test/v1';
    expect(new URL(headers['Location'] ?? '', `${base}${J1}`).href).toBe(`${base}${J1}`);
  });

  test('answers 204 to the same body again and 409 to another one', async () => {
    const world = await withJob();

    const again = await world.call('PUT', J1, { body: BODY });
    const other = await world.call('PUT', J1, { body: { ...BODY, name: 'other' } });

    expect([again.status, again.text]).toEqual([204, '']);
    expect([other.status, other.body.message]).toEqual([
      409,
      expect.stringContaining("job 'j1' already exists"),
    ]);
  });

  test('creates the batch of the task', async () => {
    const world = await withJob();

    const { row } = await world.table.get({ pk: 'P#p1#J#j1', sk: 'JOB' });

    expect(row?.['plan']).toMatchObject({
      splitter: 'range',
      worker: 'rehearse',
      onItemFailure: 'failAtEnd',
    });
  });

  test('accepts null for optional members, and refuses missing ones', async () => {
    const nulls = { description: null, externalData: null, type: null, parameters: null, labels: null };
    const task = { ...TASK, taskDataEncoding: null, targetPipe: null };
    const world = await withJob({ ...BODY, ...nulls, prerequisiteJobIds: null, delay: null, task });

    const { status, body } = await world.call('PUT', J1, { body: { ...BODY, task: null } });

    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect((await world.call('PUT', J1, { body: '' })).status).toBe(400);
    expect((await world.call('PUT', J1, { body: '[null]' })).status).toBe(400);
    expect((await world.call('GET', '/partitions/p1/jobs/j1/request')).body).toEqual({
      ...BODY,
      prerequisiteJobIds: undefined,
      delay: undefined,
      labels: undefined,
    });
  });

  test('refuses a task with its location', async () => {
    const { status, body } = await apiWorld().call('PUT', J1, {
      body: { ...BODY, task: { ...TASK, targetPipe: '' } },
    });

    expect([status, body.errors[0].pointer]).toEqual([400, '/task/targetPipe']);
  });
});

describe('GET of a job', () => {
  test('shows exactly the ten properties of the contract', async () => {
    const texts = { description: 'd', externalData: 'e', labels: { 'tag:4': '4' } };
    const world = await withJob({ ...BODY, ...texts });
    await moveJob(world.table, KEY, 'dispatch', { now: world.clock.now() });
    await addProgress(world.table, RUN, { found: 8, done: 3, batchesOpened: 1 }, { now: 1 });
    const failure = { failureId: 'f', failureTime: 5, failureSource: '/0:4', failureMessage: 'no' };
    await putFailures(world.table, RUN, [{ ...failure, code: 'broken', attempts: 3, stack: 'at x' }]);

    const { status, body, headers } = await world.call('GET', J1);

    expect([status, headers['Content-Type']]).toEqual([200, 'application/json']);
    expect(body).toEqual({
      id: 'j1',
      name: 'n',
      ...texts,
      createTime: expect.any(Number),
      lastUpdateTime: expect.any(Number),
      status: 'Active',
      percentageComplete: 18.75,
      failures: [failure],
    });
  });

  test('leaves out texts that there are not, but neither failures nor labels', async () => {
    const world = await withJob({ task: TASK });

    const { body } = await world.call('GET', J1);

    expect(body).toEqual({
      id: 'j1',
      createTime: expect.any(Number),
      lastUpdateTime: expect.any(Number),
      status: 'Waiting',
      percentageComplete: 0,
      failures: [],
      labels: {},
    });
  });

  test('of an unknown job is a 404 with an explanation in message', async () => {
    const { status, body } = await apiWorld().call('GET', J1);

    expect([status, body.message]).toEqual([404, "job 'j1' does not exist in partition 'p1'"]);
  });
});

describe('the status', () => {
  const shown: Record<string, string> = { Blocked: 'Active', Expired: 'Failed' };

  test.each(JOB_STATUSES)('%s is one of the six words, everywhere', async (own) => {
    const world = await withJob();
    await force(world, own);

    const word = shown[own] ?? own;
    const { text, headers } = await world.call('GET', `${J1}/status`);

    expect(text).toBe(JSON.stringify(word));
    expect(headers).toMatchObject({
      'Content-Type': 'application/json',
      'Cache-Control': 'max-age=5',
      CacheableJobStatus: 'true',
    });
    expect((await world.call('GET', J1)).body.status).toBe(word);
    expect((await world.call('GET', CAF_JOBS)).body[0].status).toBe(word);
  });

  test.each([
    ['Waiting', 'true'],
    ['Active', 'true'],
    ['Blocked', 'true'],
    ['Paused', 'false'],
    ['Completed', 'false'],
    ['Failed', 'false'],
    ['Cancelled', 'false'],
    ['Expired', 'false'],
  ])('%s is active: %s', async (status, isActive) => {
    const world = await withJob();
    await force(world, status);

    const { text, headers } = await world.call('GET', `${J1}/isActive`);

    expect(text).toBe(isActive);
    expect(headers).toMatchObject({
      'Content-Type': 'application/json',
      'Cache-Control': 'max-age=5',
      CacheableJobStatus: 'true',
    });
  });

  test('of an unknown job is a 404, and it is not active', async () => {
    const world = apiWorld();

    expect((await world.call('GET', `${J1}/status`)).status).toBe(404);
    expect((await world.call('GET', `${J1}/isActive`)).text).toBe('false');
  });
});

describe('the list', () => {
  test('has jobs of the same form, newest first', async () => {
    const world = await withJob();
    world.clock.advance(1);
    await world.call('PUT', `${CAF_JOBS}/j2`, { body: { task: TASK } });

    const { status, body } = await world.call('GET', CAF_JOBS, { query: 'statusType=NotFinished&limit=10' });

    expect(status).toBe(200);
    expect(body).toEqual([
      (await world.call('GET', `${CAF_JOBS}/j2`)).body,
      (await world.call('GET', J1)).body,
    ]);
  });

  test.each(['limit=0', 'limit=00', 'limit=-1', 'limit=-2147483648', ''])(
    'has 25 a page with %j',
    async (query) => {
      const world = apiWorld();
      for (let i = 0; i < 26; i += 1) await world.call('PUT', `${CAF_JOBS}/j${i}`, { body: { task: TASK } });

      const { body, headers } = await world.call('GET', CAF_JOBS, { query });
      const rest = await world.call('GET', CAF_JOBS, { query: headers['Link']?.split(/[?>]/)[1] ?? '' });

      expect([body.length, rest.body.length]).toEqual([25, 1]);
    },
  );

  test.each(['limit=x', 'limit=1001', 'statusType=all', 'nope=1'])('refuses %s', async (query) => {
    expect((await apiWorld().call('GET', CAF_JOBS, { query })).status).toBe(400);
  });
});

describe('a change of a job', () => {
  test('pause, resume, cancel and delete answer 204 without a body', async () => {
    const world = await withJob();
    const calls: [string, string, string?][] = [
      ['POST', `${J1}/pause`, 'Paused'],
      ['POST', `${J1}/resume`, 'Waiting'],
      ['POST', `${J1}/cancel`, 'Cancelled'],
      ['DELETE', J1],
    ];

    for (const [method, path, after] of calls) {
      const { status, text } = await world.call(method, path);
      expect([path, status, text]).toEqual([path, 204, '']);
      expect((await world.call('GET', `${J1}/status`)).body).toEqual(
        after ?? expect.objectContaining({ status: 404 }),
      );
    }
  });

  test('of an unknown job is a 404, and one that its status forbids a 409', async () => {
    const world = await withJob();
    await force(world, 'Completed');

    expect((await world.call('POST', `${CAF_JOBS}/no/pause`)).status).toBe(404);
    expect((await world.call('DELETE', `${CAF_JOBS}/no`)).status).toBe(404);
    expect((await world.call('POST', `${J1}/resume`)).status).toBe(409);
  });
});

describe('ping', () => {
  test('responds to every valid token', async () => {
    const { status, body } = await apiWorld().call('GET', '/caf/ping', { token: token({ role: 'viewer' }) });

    expect([status, body]).toEqual([200, { success: true }]);
    expect((await apiWorld().call('GET', '/caf/ping', { token: null })).status).toBe(401);
  });
});

test('a job is the same in both views', async () => {
  const world = await withJob();

  const { body } = await world.call('GET', '/partitions/p1/jobs/j1');

  expect(body).toMatchObject({ id: 'j1', name: 'n', items: { found: 0 }, version: 1 });
  expect((await world.call('GET', '/partitions/p1/jobs/j1/request')).body).toEqual(BODY);
});

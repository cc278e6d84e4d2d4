import { describe, expect, test } from 'vitest';
import { putFailures } from '../../../functions/store/failures.ts';
import { endJob, moveJob } from '../../../functions/store/jobs.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { type ApiWorld, apiWorld, BATCH, createdJob, JOBS } from './api-world.ts';

const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };
const J1 = `${JOBS}/j1`;

async function started(): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world);
  await moveJob(world.table, RUN, 'dispatch', { now: world.clock.now() });
  return world;
}

async function completed(): Promise<ApiWorld> {
  const world = await started();
  const totals = { items: 10, failed: 1, skipped: 2 };
  await endJob(world.table, RUN, { status: 'Completed', totals, now: world.clock.now() });
  return world;
}

function aFailure(failureId: string) {
  return {
    failureId,
    failureTime: 1,
    failureSource: '/0:4',
    failureMessage: 'no',
    code: 'broken',
    attempts: 3,
    stack: 'at x',
  };
}

describe('GET of a job', () => {
  test('shows the counters while it runs and the totals when it is done', async () => {
    const running = await started();
    const progress = { found: 10, done: 5, failed: 1, skipped: 1, batchesOpened: 1 };
    await addProgress(running.table, RUN, progress, { now: 1 });

    const { body } = await running.call('GET', J1);
    const after = await (await completed()).call('GET', J1);

    expect(body).toMatchObject({ status: 'Active', percentageComplete: 25 });
    expect(body.items).toEqual({ found: 10, succeeded: 3, failed: 1, skipped: 1, sealed: false });
    expect(after.body).toMatchObject({ status: 'Completed', percentageComplete: 100 });
    expect(after.body.items).toEqual({ found: 10, succeeded: 7, failed: 1, skipped: 2, sealed: true });
  });

  test('lists the first hundred failures by the names of CAF, and all of them by pages', async () => {
    const world = await started();
    const failures = Array.from({ length: 150 }, (_, i) => aFailure(String(i).padStart(4, '0')));
    await putFailures(world.table, RUN, failures);

    const { body } = await world.call('GET', J1);
    const page = await world.call('GET', `${J1}/failures`, { query: 'limit=140' });

    expect(body.failures).toHaveLength(100);
    const { attempts: _a, stack: _s, ...summary } = aFailure('0000');
    expect(body.failures[0]).toEqual(summary);
    expect(page.body).toHaveLength(140);
    expect(page.body[0]).toEqual(aFailure('0000'));
    const rest = await world.call('GET', `${J1}/failures`, {
      query: page.headers['Link']?.split(/[?>]/)[1] ?? '',
    });
    expect(rest.body.map(({ failureId }: { failureId: string }) => failureId)).toEqual(
      failures.slice(140).map(({ failureId }) => failureId),
    );
    expect(rest.headers['Link']).toBeUndefined();
  });

  test('answers 304 until the job or its progress has changed', async () => {
    const world = await started();
    const { headers } = await world.call('GET', J1);
    const ask = () => world.call('GET', J1, { headers: { 'If-None-Match': `"x", W/${headers['ETag']}` } });

    const before = await ask();
    await addProgress(world.table, RUN, { found: 1 }, { now: 1 });
    const after = await ask();

    expect([before.status, before.text]).toEqual([304, '']);
    expect(before.headers['ETag']).toBe(headers['ETag']);
    expect(after.status).toBe(200);
    expect(after.headers).toMatchObject({ ETag: '"2.1"', 'Cache-Control': 'no-cache' });
  });

  test('has no ETag twice with another percent', async () => {
    const world = await started();
    const seen = new Map<string, Set<number>>();
    const look = async () => {
      const { headers, body } = await world.call('GET', J1);
      const percents = seen.get(headers['ETag'] ?? '') ?? new Set();
      seen.set(headers['ETag'] ?? '', percents.add(body.percentageComplete));
    };
    const write = world.table.write.bind(world.table);
    world.table.write = async (...args) => {
      await look();
      return write(...args);
    };

    await addProgress(world.table, RUN, { found: 10, done: 5, batchesOpened: 1 }, { now: 1 });
    await look();

    expect([...seen.values()].map((percents) => [...percents])).toEqual([[0], [0], [25]]);
  });

  test('a job that is not there is a 404 for every route below it', async () => {
    const world = apiWorld();
    const below = ['', '/status', '/items', '/failures', '/result', '/request', '/cost'];

    for (const path of below) {
      const { status, body } = await world.call('GET', `${J1}${path}`);
      expect([path, status, body.code]).toEqual([path, 404, 'not-found']);
    }
  });
});

describe('the attention of a job', () => {
  test('counts prerequisites that are not met, and is absent once the job is final', async () => {
    const world = apiWorld();
    await createdJob(world, 'j1', { batch: BATCH, prerequisiteJobIds: ['a', 'b'] });

    const waiting = await world.call('GET', `${JOBS}/j1`);
    await world.call('POST', `${JOBS}/j1/cancel`);
    const final = await world.call('GET', `${JOBS}/j1`);

    expect(waiting.body.attention).toEqual({
      retrying: 0,
      held: 0,
      waitingForSlot: 0,
      waitingForPrerequisite: 2,
      longestSince: waiting.body.createTime,
    });
    expect(final.body.attention).toBeUndefined();
  });
});

describe('status answers', () => {
  test('are plain JSON values that may be kept for seconds', async () => {
    const world = await started();

    const status = await world.call('GET', `${J1}/status`);
    const isActive = await world.call('GET', `${J1}/isActive`);

    expect([status.text, isActive.text]).toEqual(['"Active"', 'true']);
    for (const { headers } of [status, isActive]) {
      expect(headers).toMatchObject({ 'Cache-Control': 'private, max-age=5', CacheableJobStatus: 'true' });
    }
  });

  test('an unknown job and a paused one are not active, a waiting one is', async () => {
    const world = apiWorld();
    await createdJob(world);
    const isActive = async (id: string) => (await world.call('GET', `${JOBS}/${id}/isActive`)).text;

    expect([await isActive('unknown'), await isActive('j1')]).toEqual(['false', 'true']);
    await moveJob(world.table, RUN, 'pause', { now: 1 });
    expect(await isActive('j1')).toBe('false');
  });
});

describe('cancel', () => {
  test.each([undefined, '', '{}', ' {} '])('takes the body %j', async (body) => {
    const world = await started();

    const { status, text } = await world.call('POST', `${J1}/cancel`, { body, base64: body === '{}' });

    expect([status, text]).toEqual([204, '']);
    expect((await world.call('GET', `${J1}/status`)).body).toBe('Cancelled');
  });

  test('does nothing to a job that is cancelled', async () => {
    const world = await started();
    await world.call('POST', `${J1}/cancel`);
    const { headers } = await world.call('GET', J1);

    const { status } = await world.call('POST', `${J1}/cancel`);

    expect(status).toBe(204);
    expect((await world.call('GET', J1)).headers['ETag']).toBe(headers['ETag']);
  });

  test('is refused for a completed job, with the allowed operations', async () => {
    const { status, body } = await (await completed()).call('POST', `${J1}/cancel`);

    expect([status, body.code]).toEqual([409, 'invalid-transition']);
    expect(body.detail).toBe(
      "job 'j1' is Completed; only a job that is Waiting, Active, Paused, or Blocked can be cancelled",
    );
  });

  test('refuses a body with content', async () => {
    const { status, body } = await (await started()).call('POST', `${J1}/cancel`, { body: { force: true } });

    expect([status, body.errors]).toEqual([400, [{ pointer: '/force', detail: 'is not known here' }]]);
  });
});

describe('DELETE', () => {
  test('removes the job at once', async () => {
    const world = await started();

    expect((await world.call('DELETE', J1)).status).toBe(204);

    expect((await world.call('GET', J1)).status).toBe(404);
    expect((await world.call('DELETE', J1)).status).toBe(404);
    expect((await world.call('GET', JOBS)).body).toEqual([]);
  });

  test('asks only for the version of the job, not for its progress', async () => {
    const world = await started();
    await addProgress(world.table, RUN, { found: 1 }, { now: 1 });
    const remove = (tag: string) => world.call('DELETE', J1, { headers: { 'If-Match': tag } });

    const stale = await remove('"1.0"');
    const current = await remove('"2.0"');

    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    expect(current.status).toBe(204);
  });
});

describe('cost', () => {
  test('is the counted operations times the prices that it shows', async () => {
    const world = await started();
    const operations = { queueRequests: 1_000_000, writeUnits: 2_000_000, invocations: 5 };
    await addProgress(world.table, RUN, {}, { operations, now: 1 });

    const { body } = await world.call('GET', `${J1}/cost`);

    expect(body.services.sqs.queueRequests).toEqual({
      count: 1_000_000,
      dollarsPerMillion: 0.5,
      dollars: 0.5,
    });
    expect(body.dollars).toBeCloseTo(0.5 + 1.25 + 0.000001, 9);
    expect(body.prices).toMatchObject({ region: 'us-east-1', currency: 'USD' });
  });
});

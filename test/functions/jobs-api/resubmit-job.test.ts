import { describe, expect, test } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { type ApiWorld, apiWorld, BODY, type Call, createdJob, JOBS } from './api-world.ts';

const J1 = `${JOBS}/j1`;
const NAMED = { ...BODY, name: 'first', labels: { a: '1' } };

async function ended(body: unknown = NAMED): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world, 'j1', body);
  await moveJob(world.table, { partition: 'p1', job: 'j1' }, 'cancel', { now: world.clock.now() });
  return world;
}

function resubmit(world: ApiWorld, body?: unknown, more: Call = {}) {
  return world.call('POST', `${J1}/resubmit`, { body, ...more });
}

describe('resubmit', () => {
  test('creates a new job from the captured request, and does not change the old one', async () => {
    const world = await ended();
    await world.call('PATCH', J1, { body: { name: 'edited' } });
    const before = await world.call('GET', J1);

    const { status, body, headers } = await resubmit(world);
    const path = `${JOBS}/${body.id}`;

    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'Waiting', name: 'first', labels: { a: '1' }, version: 1 });
    expect(body.id).not.toBe('j1');
    expect(headers).toMatchObject({ ETag: '"1.0"' });
    expect(headers['Location']?.endsWith(path)).toBe(true);
    expect((await world.call('GET', `${path}/request`)).body).toEqual(NAMED);
    expect((await world.call('GET', `${path}/history`)).body).toMatchObject([
      { verb: 'create', actor: 'alice', reason: "resubmit of 'j1'" },
    ]);
    expect((await world.call('GET', J1)).body).toEqual(before.body);
  });

  test('uses the requested ID, once', async () => {
    const world = await ended();

    const first = await resubmit(world, { id: 'j 2' });
    const again = await resubmit(world, { id: 'j 2' });

    expect([first.status, first.body.id]).toEqual([201, 'j 2']);
    expect([again.status, again.text]).toEqual([204, '']);
  });

  test.each(['j1', 'other'])('refuses the id %s, which is taken', async (id) => {
    const world = await ended();
    await createdJob(world, 'other', BODY);

    const { status, body } = await resubmit(world, { id });

    expect([status, body.code]).toEqual([409, 'job-exists']);
  });

  test.each([{ id: 'a.b' }, { id: '' }, { id: 7 }, { id: 'x'.repeat(49) }, { name: 'n' }])(
    'refuses the body %j',
    async (body) => {
      expect((await resubmit(await ended(), body)).status).toBe(400);
    },
  );

  test('is refused while the job is not over', async () => {
    const world = apiWorld();
    await createdJob(world);

    const { status, body } = await resubmit(world);

    expect([status, body.code]).toEqual([409, 'invalid-transition']);
    expect(body.detail).toMatch(/Waiting.*Completed, Failed, Cancelled, or Expired/);
  });

  test('by Idempotency-Key gives the same job again, and no other request may have the key', async () => {
    const world = await ended();
    const headers = { 'Idempotency-Key': 'k' };

    const first = await resubmit(world, {}, { headers });
    const again = await resubmit(world, {}, { headers });
    const created = await world.call('POST', JOBS, { body: NAMED, headers });

    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect([created.status, created.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('finds a request that is stored in the bucket', async () => {
    const body = { ...BODY, externalData: 'x'.repeat(9_000) };

    expect((await resubmit(await ended(body))).body.externalData).toHaveLength(9_000);
  });

  test('of a job whose worker is missing lists the available workers', async () => {
    const world = await ended();
    const later = apiWorld({
      ...world,
      registry: { splitters: [], workers: [], jobTypes: [], templates: [], secrets: {}, functions: {} },
    });

    const { status, body } = await later.call('POST', `${J1}/resubmit`);

    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });
});

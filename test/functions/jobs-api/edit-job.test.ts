import { describe, expect, test } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { type ApiWorld, apiWorld, BODY, type Call, createdJob, JOBS } from './api-world.ts';

const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };
const J1 = `${JOBS}/j1`;

async function aWorld(more: object = {}): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world, 'j1', { ...BODY, ...more });
  return world;
}

function edit(world: ApiWorld, body: unknown, more: Call = {}) {
  return world.call('PATCH', J1, { body, ...more });
}

describe('PATCH', () => {
  test('changes the given members, merges labels, and returns the updated job', async () => {
    const world = await aWorld({ name: 'old', description: 'kept', labels: { a: '1', b: '2' } });
    world.clock.advance(1_000);

    const { status, body, headers } = await edit(world, {
      name: 'new',
      labels: { b: '3', c: '4' },
      priority: 7,
      hidden: true,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'new',
      description: 'kept',
      labels: { a: '1', b: '3', c: '4' },
      priority: 7,
      hidden: true,
      version: 2,
      lastUpdateTime: world.clock.now(),
    });
    expect(headers['ETag']).toBe('"2.0"');
    expect((await world.call('GET', J1)).body).toEqual(body);
  });

  test('removes members that are null', async () => {
    const world = await aWorld({ name: 'n', description: 'd', labels: { a: '1', b: '2' }, priority: 9 });
    await edit(world, { hidden: true });

    const { body } = await edit(world, {
      name: null,
      description: null,
      labels: { a: null, unknown: null },
      priority: null,
      hidden: null,
    });
    const none = await edit(world, { labels: null });

    expect(body).toMatchObject({ labels: { b: '2' }, priority: 4, hidden: false });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['name']));
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['description']));
    expect(none.body.labels).toEqual({});
  });

  test.each([{}, { name: 'n', labels: { a: '1' } }, { labels: { b: null } }])(
    'that changes nothing touches nothing: %j',
    async (patch) => {
      const world = await aWorld({ name: 'n', labels: { a: '1' } });
      const before = await world.call('GET', J1);
      world.clock.advance(1_000);

      const { status, body } = await edit(world, patch);

      expect([status, body]).toEqual([200, before.body]);
    },
  );

  test('is read as JSON whether it is called a merge patch or not', async () => {
    const world = await aWorld();
    const headers = { 'Content-Type': 'application/merge-patch+json' };

    const { status, body } = await edit(world, { name: 'n' }, { headers });

    expect([status, body.name]).toEqual([200, 'n']);
  });

  test('refuses members that cannot be edited, by name', async () => {
    const world = await aWorld();

    const { status, body } = await edit(world, { status: 'Completed', id: 'x' });

    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '/status', detail: 'is not known here' },
      { pointer: '/id', detail: 'is not known here' },
    ]);
  });

  test.each([
    [
      { expiry: { completed: { expiryTime: 'soon' } } },
      '/expiry/completed/expiryTime',
      /'soon' is not a valid expiry time/,
    ],
    [{ priority: 10 }, '/priority', /9/],
    [{ name: 'n'.repeat(256) }, '/name', /255/],
    [{ labels: { 'a b': '1' } }, '/labels/a b', /./],
    [{ labels: { a: 1 } }, '/labels/a', /string/],
    [{ hidden: 'yes' }, '/hidden', /boolean/],
    [[], '', /object/],
  ])('refuses %j', async (patch, pointer, detail) => {
    const world = await aWorld();

    const { status, body } = await edit(world, patch);

    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    expect(body.errors[0].detail).toMatch(detail);
    expect((await world.call('GET', J1)).body.version).toBe(1);
  });

  test('refuses more labels than a job may have, counting those that it has', async () => {
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`l${i}`, 'x']));
    const world = await aWorld({ labels });

    const tooMany = await edit(world, { labels: { more: 'x' } });
    const exchanged = await edit(world, { labels: { more: 'x', l0: null } });

    expect([tooMany.status, tooMany.body.errors[0].pointer]).toEqual([400, '/labels']);
    expect(exchanged.status).toBe(200);
  });

  test('needs a body, an operator, and a job', async () => {
    const world = await aWorld();

    expect((await edit(world, undefined)).status).toBe(400);
    expect((await world.call('PATCH', `${JOBS}/none`, { body: { name: 'n' } })).status).toBe(404);
  });
});

describe('PATCH of the priority', () => {
  test('is possible while the job is paused before its start', async () => {
    const world = await aWorld({ hold: true });

    expect((await edit(world, { priority: 1 })).body).toMatchObject({ status: 'Paused', priority: 1 });
  });

  test.each(['dispatch', 'cancel'] as const)(
    'is refused after %s, all other changes of that patch too',
    async (move) => {
      const world = await aWorld();
      await moveJob(world.table, RUN, move, { now: 1 });

      const { status, body } = await edit(world, { priority: 1, name: 'n' });

      expect([status, body.code]).toEqual([409, 'invalid-transition']);
      expect(body.detail).toMatch(/only before it starts/);
      expect((await world.call('GET', J1)).body).not.toHaveProperty('name');
      expect((await edit(world, { name: 'n' })).status).toBe(200);
    },
  );
});

describe('PATCH with If-Match', () => {
  test('compares the version only, against the very version that changes', async () => {
    const world = await aWorld();

    const first = await edit(world, { name: 'a' }, { headers: { 'If-Match': '"1.99"' } });
    const second = await edit(world, { name: 'b' }, { headers: { 'If-Match': '"1.99"' } });

    expect(first.status).toBe(200);
    expect([second.status, second.body.code]).toEqual([412, 'precondition-failed']);
  });
});

test('simultaneous edits are all kept', async () => {
  const world = await aWorld();
  const patches = Array.from({ length: 8 }, (_, i) => ({ labels: { [`l${i}`]: 'x' } }));

  await Promise.all(patches.map((patch) => edit(world, patch)));

  const { body } = await world.call('GET', J1);
  expect(Object.keys(body.labels)).toHaveLength(8);
  expect(body.version).toBe(9);
});

test('an edit loses nothing that the job owes', async () => {
  const world = await aWorld();
  await edit(world, { name: 'n' });

  const { row } = await world.table.get({ pk: 'P#p1#J#j1', sk: 'JOB' });

  expect(row).toMatchObject({ followUp: 'dispatch', name: 'n' });
});

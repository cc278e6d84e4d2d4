import { describe, expect, test } from 'vitest';
import { apiWorld, BATCH, BODY, createdJob, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const J1 = `${JOBS}/j1`;

describe('PUT of a job', () => {
  test('a new job is returned with its view, location and tag', async () => {
    const world = apiWorld();

    const { status, headers, body } = await world.call('PUT', J1, { body: { name: 'n', ...BODY } });

    expect(status).toBe(201);
    expect(headers).toMatchObject({ Location: '../../../partitions/p1/jobs/j1', ETag: '"1.0"' });
    expect(body).toMatchObject({ id: 'j1', name: 'n', status: 'Waiting', percentageComplete: 0, version: 1 });
    expect(body).toMatchObject({ createdBy: 'alice', priority: 4, labels: {}, failures: [] });
  });

  test('its location resolves to the job from the address of the request', async () => {
    const world = apiWorld();
    const base = 'https://host.test/prefix/v1';

    const { headers } = await world.call('PUT', `${JOBS}/a%20b`, { body: BODY });

    expect(new URL(headers['Location'] ?? '', `${base}${JOBS}/a%20b`).href).toBe(`${base}${JOBS}/a%20b`);
  });

  test('the same body in another order of members changes nothing', async () => {
    const world = apiWorld();
    await world.call('PUT', J1, { body: { name: 'n', labels: { a: '1', b: '2' }, ...BODY } });
    world.clock.advance(1000);

    const again = await world.call('PUT', J1, { body: { ...BODY, labels: { b: '2', a: '1' }, name: 'n' } });

    expect([again.status, again.text]).toEqual([204, '']);
    const { body } = await world.call('GET', J1);
    expect(body).toMatchObject({ version: 1, lastUpdateTime: body.createTime });
  });

  test('another body is refused and named', async () => {
    const world = apiWorld();
    await createdJob(world);

    const { status, body } = await world.call('PUT', J1, { body: { ...BODY, priority: 5 } });

    expect([status, body.code]).toEqual([409, 'job-exists']);
    expect(body.detail).toContain("job 'j1' already exists with another body");
  });

  test('of ten at once with one body, one creates and nine find it', async () => {
    const world = apiWorld();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.call('PUT', J1, { body: BODY })),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(9).fill(204)]);
  });

  test('an id that was deleted is free, and its next job another generation', async () => {
    const world = apiWorld();
    await createdJob(world);
    await world.call('DELETE', J1);

    const { status, body } = await world.call('PUT', J1, { body: { ...BODY, priority: 9 } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ generation: 2, priority: 9 });
  });

  test('the request is stored unchanged, small or large', async () => {
    const world = apiWorld();
    const large = { ...BODY, externalData: 'x'.repeat(9_000) };
    await createdJob(world, 'small', BODY);
    await createdJob(world, 'large', large);

    expect((await world.call('GET', `${JOBS}/small/request`)).body).toEqual(BODY);
    expect((await world.call('GET', `${JOBS}/large/request`)).body).toEqual(large);
  });

  test('an id of blanks, percent, plus, hash and Unicode is kept by either kind of gateway', async () => {
    const ids = ['a b', '100%', '%41', 'a+b', '#1', 'ä😀', '~\'"<>'];
    for (const isDecoded of [false, true]) {
      const world = apiWorld();
      for (const id of ids) {
        const path = `${JOBS}/${encodeURIComponent(id)}`;
        expect((await world.call('PUT', path, { body: BODY, isDecoded })).body.id).toBe(id);
        expect((await world.call('GET', path, { isDecoded })).body.id).toBe(id);
      }
      expect((await world.call('GET', JOBS)).body).toHaveLength(ids.length);
    }
  });
});

describe('POST of a job', () => {
  test('gives ids that sort by creation', async () => {
    const world = apiWorld();

    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push((await world.call('POST', JOBS, { body: BODY })).body.id);

    expect(new Set(ids).size).toBe(3);
    expect(ids.toSorted()).toEqual(ids);
  });

  test('a repeat with the same Idempotency-Key gets the same job', async () => {
    const world = apiWorld();
    const call = () => world.call('POST', JOBS, { body: BODY, headers: { 'idempotency-key': 'k1' } });

    const [first, ...repeats] = await Promise.all([call(), call(), call()]);

    expect(first?.status).toBe(201);
    for (const { status, body, headers } of repeats) {
      expect([status, body.id]).toEqual([201, first?.body.id]);
      expect(headers['Location']).toBe(first?.headers['Location']);
    }
    expect((await world.call('GET', JOBS)).body).toHaveLength(1);
  });

  test('a repeat creates the job that could not be written before', async () => {
    const world = apiWorld();
    const { table } = world;
    const broken = apiWorld({
      table: {
        get: (key, options) => table.get(key, options),
        write: (write, returns) => table.write(write, returns),
        query: (query) => table.query(query),
        transact: () => Promise.reject(new Error('gone')),
      },
    });
    const whole = apiWorld({ table });
    const options = { body: BODY, headers: { 'Idempotency-Key': 'k1' } };

    expect((await broken.call('POST', JOBS, options)).status).toBe(503);

    expect((await whole.call('POST', JOBS, options)).status).toBe(201);
    expect((await whole.call('GET', JOBS)).body).toHaveLength(1);
  });

  test('two keys, and one key in two partitions, create separate jobs', async () => {
    const world = apiWorld();
    const all = token({ partitions: ['*'] });
    const create = async (partition: string, key: string) => {
      const headers = { 'Idempotency-Key': key };
      return (await world.call('POST', `/partitions/${partition}/jobs`, { body: BODY, token: all, headers }))
        .body.id;
    };

    const ids = [await create('p1', 'k1'), await create('p1', 'k2'), await create('p2', 'k1')];

    expect(new Set(ids).size).toBe(3);
  });

  test('a key with a different body is refused', async () => {
    const world = apiWorld();
    const headers = { 'Idempotency-Key': 'k1' };
    await world.call('POST', JOBS, { body: BODY, headers });

    const { status, body } = await world.call('POST', JOBS, { body: { ...BODY, name: 'other' }, headers });

    expect([status, body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('a repeated request does not restore a deleted job', async () => {
    const world = apiWorld();
    const options = { body: BODY, headers: { 'Idempotency-Key': 'k1' } };
    const { body } = await world.call('POST', JOBS, options);
    await world.call('DELETE', `${JOBS}/${body.id}`);

    const again = await world.call('POST', JOBS, options);

    expect([again.status, again.body.code]).toEqual([409, 'idempotency-key-spent']);
  });

  test('a key with a blank is refused', async () => {
    const { status, body } = await apiWorld().call('POST', JOBS, {
      body: BODY,
      headers: { 'Idempotency-Key': 'a b' },
    });

    expect([status, body.errors[0].parameter]).toEqual([400, 'Idempotency-Key']);
  });
});

describe('the work of a batch', () => {
  const refused: [string, object, string, string][] = [
    ['an unknown splitter', { splitter: 'no' }, '/batch/splitter', 'deployed: range'],
    ['an unknown worker', { worker: 'no' }, '/batch/worker', 'deployed: rehearse, second'],
    [
      'an unknown worker behind it',
      { pipeline: ['second', 'no'] },
      '/batch/pipeline/1',
      'deployed: rehearse',
    ],
    ['a definition that lacks a member', { definition: { from: 1 } }, '/batch/definition/to', 'is missing'],
    [
      'a definition with a wrong type',
      { definition: { from: 1, to: 'x' } },
      '/batch/definition/to',
      'must be integer',
    ],
    ['a parameter that does not exist', { parameters: { nope: 1 } }, '/batch/parameters/nope', 'not known'],
    [
      'a parameter out of range',
      { parameters: { millisPerItem: -1 } },
      '/batch/parameters/millisPerItem',
      '0',
    ],
  ];
  test.each(refused)('%s is refused by its place', async (_, change, pointer, words) => {
    const { status, body } = await apiWorld().call('PUT', J1, { body: { batch: { ...BATCH, ...change } } });

    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors[0].pointer).toBe(pointer);
    expect(body.errors[0].detail).toContain(words);
  });

  test('a refused request leaves no data', async () => {
    const world = apiWorld();

    await world.call('PUT', J1, { body: { batch: { ...BATCH, worker: 'no' } } });

    expect([...world.table.rows()]).toEqual([]);
    expect(world.objects.keys()).toEqual([]);
  });
});

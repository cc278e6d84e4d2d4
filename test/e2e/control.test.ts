import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

const slow = (items: number) => ({
  batch: {
    splitter: 'range',
    definition: { from: 0, to: items },
    worker: 'rehearse',
    itemsPerTask: 5,
    parameters: { millisPerItem: 20 },
  },
});

describe('cancel', () => {
  test('half-way stops the work: the number of outputs stops growing, and existing results stay readable', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, { body: slow(20_000) });
    await until(
      'some items are done',
      async () => (await call('GET', `${path}/items?limit=1`)).body.length > 0,
    );

    const cancelled = await call('POST', `${path}/cancel`);
    const again = await call('POST', `${path}/cancel`);
    // The status cache may be 5 s old, and work begun within it may end.
    await until('the number of outcomes stops changing', async () => {
      const before = (await pages(`${path}/items?limit=1000`)).length;
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      return before > 0 && before === (await pages(`${path}/items?limit=1000`)).length;
    });

    const { body: job } = await call('GET', path);
    expect([cancelled.status, again.status]).toEqual([204, 204]);
    expect(job).toMatchObject({ status: 'Cancelled', version: expect.any(Number) });
    expect((await call('GET', `${path}/isActive`)).body).toBe(false);
    expect((await pages(`${path}/items?limit=1000`)).length).toBeLessThan(20_000);
  }, 120_000);

  test('of a job that has ended is refused, and the error lists what is allowed', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, {
      body: { batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' } },
    });
    await finished(path);

    const refused = await call('POST', `${path}/cancel`);

    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'invalid-transition',
      detail: expect.stringMatching(/Completed.*Waiting/s),
    });
  });
});

describe('delete', () => {
  test('frees the id at once; old messages in flight do nothing to the job created again', async () => {
    const partition = freshPartition();
    const path = jobPath(partition, 'job');
    await call('PUT', path, { body: slow(2_000) });
    await until(
      'some items are done',
      async () => (await call('GET', `${path}/items?limit=1`)).body.length > 0,
    );

    const deleted = await call('DELETE', path);
    const gone = await call('GET', path);
    const created = await call('PUT', path, { body: { name: 'second', ...slow(100) } });
    const job = await finished(path);
    const items = await pages(`${path}/items?limit=1000`);

    expect([deleted.status, gone.status, created.status]).toEqual([204, 404, 201]);
    expect(job).toMatchObject({
      name: 'second',
      generation: 2,
      status: 'Completed',
      items: { found: 100, succeeded: 100 },
    });
    expect(new Set(items.map(({ id }) => id)).size).toBe(100);
    expect(items).toHaveLength(100);
  }, 120_000);
});

describe('create', () => {
  test('by many identical PUTs at once makes one job', async () => {
    const path = jobPath(freshPartition(), 'job');
    const body = {
      name: 'same',
      labels: { a: '1', b: '2' },
      batch: { splitter: 'range', definition: { from: 0, to: 30 }, worker: 'rehearse' },
    };

    const answers = await Promise.all(Array.from({ length: 12 }, () => call('PUT', path, { body })));
    const reordered = await call('PUT', path, {
      body: { batch: body.batch, labels: { b: '2', a: '1' }, name: 'same' },
    });
    const other = await call('PUT', path, { body: { ...body, name: 'other' } });

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(11).fill(204)]);
    expect(reordered.status).toBe(204);
    expect(other).toMatchObject({ status: 409, body: { code: 'job-exists' } });
    expect(await finished(path)).toMatchObject({ generation: 1, items: { found: 30, succeeded: 30 } });
  });

  test('by POST gives an id, a Location and an ETag', async () => {
    const partition = freshPartition();

    const created = await call('POST', `/partitions/${partition}/jobs`, {
      body: { batch: { splitter: 'items', definition: { items: ['a'] }, worker: 'rehearse' } },
    });

    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toMatch(/^"\d+\.\d+"$/);
    const location = created.headers.get('location') ?? '';
    expect(location).toContain(`/partitions/${partition}/jobs/`);
    expect(
      await finished(jobPath(partition, decodeURIComponent(location.split('/').at(-1) ?? ''))),
    ).toMatchObject({ status: 'Completed' });
  });

  test.each(['with blank', 'a+b', 'a%b', 'a#b', 'ä ö 漢字', "it's"])(
    'takes the id «%s» as it is',
    async (id) => {
      const path = jobPath(freshPartition(), id);

      const created = await call('PUT', path, {
        body: { batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' } },
      });

      expect(created.status, JSON.stringify(created.body)).toBe(201);
      expect(await finished(path)).toMatchObject({ id, status: 'Completed' });
    },
  );
});

test('two partitions may use the same job id and never see each other', async () => {
  const [one, two] = [freshPartition(), freshPartition()];
  const body = (to: number) => ({
    batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse' },
  });
  await Promise.all([
    call('PUT', jobPath(one, 'same'), { body: body(40) }),
    call('PUT', jobPath(two, 'same'), { body: body(70) }),
  ]);

  const [first, second] = await Promise.all([finished(jobPath(one, 'same')), finished(jobPath(two, 'same'))]);

  expect([first.items.succeeded, second.items.succeeded]).toEqual([40, 70]);
  expect(await pages(`/partitions/${one}/jobs`)).toHaveLength(1);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

/** Prevents dispatch, because these tests only check lists. */
const held = (more: object = {}) => ({
  hold: true,
  batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' },
  ...more,
});

async function create(partition: string, id: string, more: object = {}): Promise<void> {
  const { status, body, headers } = await call('PUT', jobPath(partition, id), { body: held(more) });
  if (status === 429) {
    // The API may create more jobs than the rate limit of a partition allows.
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(headers.get('retry-after') ?? 1)));
    return create(partition, id, more);
  }
  if (status !== 201) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
}

async function createMany(partition: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `m-${i}`).values();
  const creator = async () => {
    for (const id of ids) await create(partition, id);
  };
  await Promise.all(Array.from({ length: 8 }, creator));
}

const search = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters)}`;

describe('the list of jobs', () => {
  const partition = freshPartition();
  const jobs = `/partitions/${partition}/jobs`;
  const list = async (parameters: Record<string, string>) =>
    (await pages(`${jobs}${search(parameters)}`)).map(({ id }) => id);

  beforeAll(async () => {
    await create(partition, 'one', {
      name: 'Beta & co',
      labels: { owner: 'bob', 'tag:4': '9' },
      priority: 1,
    });
    await create(partition, 'two', { name: 'alpha', labels: { owner: 'Eve' }, priority: 9 });
    await create(partition, 'three ä', { labels: { team: 'a' } });
    await create(partition, 'four', { name: 'gamma', labels: { owner: 'bob', team: 'b' }, priority: 1 });
    // The index may lag by a second.
    await until('all are listed', async () => (await list({})).length === 4);
  });

  test.each([
    [{}, ['four', 'three ä', 'two', 'one']],
    [{ sort: 'createTime:asc' }, ['one', 'two', 'three ä', 'four']],
    [{ sort: 'name:asc' }, ['two', 'one', 'four', 'three ä']],
    [{ sort: 'labels.tag:4:desc', limit: '2' }, ['four', 'three ä', 'two', 'one']],
    [{ sort: 'priority:desc', limit: '1' }, ['two', 'three ä', 'four', 'one']],
    [{ offset: '1', limit: '1' }, ['three ä', 'two', 'one']],
    [{ filter: "name=='*a & c*'" }, ['one']],
    [{ filter: 'id=="three ä"' }, ['three ä']],
    [{ filter: 'labels.owner!=bob' }, ['two']],
    [{ filter: 'priority=gt=1;status==Paused', sort: 'jobId:asc' }, ['three ä', 'two']],
    [{ filter: 'percentageComplete<1 and (id==one or id==two)' }, ['two', 'one']],
    [{ labelExist: 'team,tag:4' }, ['four', 'three ä', 'one']],
    [{ jobIdStartsWith: 't', includeHidden: 'true', statusType: 'NotFinished' }, ['three ä', 'two']],
    [{ status: 'Active' }, []],
  ])('by %o', async (parameters, expected) => {
    expect(await list(parameters as Record<string, string>)).toEqual(expected);
  });

  test.each([{ filter: 'colour==red' }, { filter: 'name==' }, { sort: 'colour:asc' }, { offset: '-1' }])(
    'refuses %o, naming it',
    async (parameters) => {
      const { status, body } = await call('GET', `${jobs}${search(parameters as Record<string, string>)}`);

      expect([status, body.errors[0].parameter]).toEqual([400, Object.keys(parameters)[0]]);
    },
  );

  test('has a count and numbers', async () => {
    const count = await call(
      'GET',
      `/partitions/${partition}/jobStats/count${search({ labelExist: 'owner' })}`,
    );
    const stats = await call('GET', `/partitions/${partition}/jobStats`);

    expect(count.body).toBe(3);
    expect(stats.body).toMatchObject({ total: 4, byStatus: { Paused: 4, Active: 0 }, oldestWaiting: null });
  });
});

describe('bulk actions', () => {
  test('change only the matching jobs', async () => {
    const partition = freshPartition();
    const jobs = `/partitions/${partition}/jobs`;
    for (const id of ['a-1', 'a-2', 'b-1', 'b-2'])
      await create(partition, id, { labels: { [id[0] ?? '']: '1' } });
    await until('all are listed', async () => (await pages(jobs)).length === 4);

    const dry = await call('POST', `${jobs}:cancel${search({ labelExist: 'a', dryRun: 'true' })}`);
    const cancelled = await call('POST', `${jobs}:cancel${search({ jobIdStartsWith: 'a-' })}`);
    const resumed = await call('POST', `${jobs}:resume${search({ filter: 'id==*-1' })}`);
    const done = await until('the resumed job has run', async () => {
      const { body } = await call('GET', jobPath(partition, 'b-1'));
      return body.status === 'Completed' && body;
    });
    const paused = await call('POST', `${jobs}:pause`);
    const deleted = await call('POST', `${jobs}:delete${search({ filter: 'status!=Completed' })}`);

    expect([dry, cancelled, resumed, paused, deleted].map(({ status, body }) => [status, body])).toEqual([
      [200, { jobsCanceled: 2, dryRun: true }],
      [200, { jobsCanceled: 2 }],
      [200, { jobsResumed: 1 }],
      [200, { jobsPaused: 0 }],
      [200, { jobsDeleted: 3 }],
    ]);
    expect(done.items.succeeded).toBe(1);
    await until('the deleted jobs are listed no more', async () => (await pages(jobs)).length === 1);
  });

  test('retry the failed items of every job that has some', async () => {
    const partition = freshPartition();
    const jobs = `/partitions/${partition}/jobs`;
    const failing = { splitter: 'range', definition: { from: 0, to: 20 }, worker: 'rehearse' };
    const parameters = { failItems: ['3', '7'] };
    await create(partition, 'a', { hold: false, batch: { ...failing, parameters } });
    const atEnd = { ...failing, parameters, onItemFailure: 'failAtEnd' };
    await create(partition, 'b', { hold: false, batch: atEnd });
    await create(partition, 'clean', { hold: false, batch: failing });
    await create(partition, 'held');
    for (const id of ['a', 'b', 'clean']) await finished(jobPath(partition, id));
    await until('the list shows their ends', async () => {
      const { body } = await call('POST', `${jobs}:retry?dryRun=true`);
      return body.jobsRetried === 2;
    });

    const one = await call('POST', `${jobs}:retry${search({ filter: 'status==Failed' })}`);
    const other = await call('POST', `${jobs}:retry${search({ jobIdStartsWith: 'a' })}`);
    for (const id of ['a', 'b']) await finished(jobPath(partition, id));

    expect([one, other].map(({ status, body }) => [status, body])).toEqual([
      [200, { jobsRetried: 1 }],
      [200, { jobsRetried: 1 }],
    ]);
    const ended = await Promise.all(
      ['a', 'b', 'clean', 'held'].map((id) => call('GET', jobPath(partition, id))),
    );
    expect(ended.map(({ body }) => [body.status, body.run, body.items.failed])).toEqual([
      ['Completed', 2, 2],
      ['Failed', 2, 2],
      ['Completed', 1, 0],
      ['Paused', 1, 0],
    ]);
  });

  test('on more than a thousand jobs go on in the background', async () => {
    const partition = freshPartition();
    await createMany(partition, 1_040);
    const count = async () => (await call('GET', `/partitions/${partition}/jobStats/count`)).body;
    await until('all are listed', async () => (await count()) === 1_040);

    const begin = Date.now();
    const begun = await call('POST', `/partitions/${partition}/jobs:delete`);
    const seconds = (Date.now() - begin) / 1000;
    await create(partition, 'later');

    expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    expect(begun.body.jobsDeleted).toBeLessThanOrEqual(1_000);
    expect(seconds).toBeLessThan(29);
    const operation = await until(
      'the operation is completed',
      async () => {
        const { body } = await call('GET', begun.body.bulkOperation.links.self);
        return body.status === 'Completed' && body;
      },
      150,
    );
    expect(operation.jobsDeleted).toBe(1_040);
    expect(await count()).toBe(1);
  }, 300_000);
});

import { describe, expect, test } from 'vitest';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { jobKey } from '../../../functions/store/keys.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { MemoryTable } from '../../support/memory/table.ts';
import { VirtualClock } from '../../support/memory/world.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS } from './api-world.ts';
import { allPages, idsOf, nextQuery, queryOf, worldOf } from './lists.ts';

const NO_PROGRESS = { found: 0, done: 0, failed: 0, skipped: 0, batchesOpened: 0, batchesSealed: 0 };

async function someJobs(): Promise<ApiWorld> {
  const world = await worldOf(apiWorld(), {
    one: { name: 'Beta', labels: { owner: 'bob', 'tag:4': '9' }, priority: 1 },
    two: { name: 'alpha', labels: { owner: 'Eve' }, priority: 9, externalData: 'x' },
    three: { labels: { team: 'a' }, description: 'Some' },
    four: { name: 'gamma (4)', labels: { owner: 'bob', team: 'b' }, priority: 1 },
  });
  await moveJob(world.table, { partition: 'p1', job: 'two' }, 'dispatch', { now: world.clock.now() + 5 });
  const run = { partition: 'p1', job: 'two', runNumber: 1 };
  const progress = { ...NO_PROGRESS, found: 10, done: 5, failed: 2, batchesOpened: 1, batchesSealed: 1 };
  await addProgress(world.table, run, progress, { now: 0 });
  return world;
}

async function hide(world: ApiWorld, job: string): Promise<void> {
  const key = jobKey({ partition: 'p1', job });
  await world.table.write({ kind: 'update', key, change: { set: { hidden: true } } });
}

const list = async (world: ApiWorld, parameters: Record<string, string>) => {
  const { status, text, body } = await world.call('GET', JOBS, { query: queryOf(parameters) });
  if (status !== 200) throw new Error(text);
  return idsOf(body);
};

describe('a filter', () => {
  test.each([
    ['name==*a*', ['four', 'two', 'one']],
    ['name=="gamma (4)"', ['four']],
    ['labels.owner==bob', ['four', 'one']],
    ['labels.owner!=bob', ['two']],
    ['labels.tag:4==9', ['one']],
    ['priority>4,id==three', ['three', 'two']],
    ['priority==1 and id=in=(one,two)', ['one']],
    ['status==Active', ['two']],
    ['percentageComplete=gt=0', ['two']],
    ['percentageComplete<=50;percentageComplete>=49', ['two']],
    ['percentageComplete==0', ['four', 'three', 'one']],
    ['createTime<=1767225602000', ['two', 'one']],
    ['type==*', []],
    ['items.failed>0', ['two']],
    ['items.failed==0', ['four', 'three', 'one']],
    ['items.succeeded==3', ['two']],
    ['items.found>=10', ['two']],
    ['createdBy==alice', ['four', 'three', 'two', 'one']],
    ['createdBy!=alice', []],
    ['startTime>0', ['two']],
    ['endTime>0', []],
  ])('lists matching jobs: %s', async (filter, expected) => {
    expect(await list(await someJobs(), { filter })).toEqual(expected);
  });

  test('combines with the other parameters', async () => {
    const world = await someJobs();

    expect(await list(world, { labelExist: 'team' })).toEqual(['four', 'three']);
    expect(await list(world, { labelExist: 'team, tag:4' })).toEqual(['four', 'three', 'one']);
    expect(await list(world, { labelExist: 'team', filter: 'labels.owner==bob' })).toEqual(['four']);
    expect(await list(world, { jobIdStartsWith: 't', statusType: 'NotFinished', status: 'Active' })).toEqual([
      'two',
    ]);
  });

  test('that is invalid is refused with the fault, its location and the allowed values', async () => {
    const { status, body } = await apiWorld().call('GET', JOBS, {
      query: queryOf({ filter: 'colour==red' }),
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ parameter: 'filter' }] });
    expect(body.detail).toMatch(/colour.*id, name, type.*labels\.<key>/);
  });
});

test('hidden jobs are omitted unless they are requested', async () => {
  const world = await someJobs();
  await hide(world, 'four');
  await hide(world, 'one');

  const shown = await allPages(world, 'limit=1');
  const { body } = await world.call('GET', JOBS, { query: 'includeHidden=true' });

  expect(shown).toEqual({ ids: ['three', 'two'], pages: 2 });
  expect(body.map(({ id, hidden }: { id: string; hidden: boolean }) => [id, hidden])).toEqual([
    ['four', true],
    ['three', false],
    ['two', false],
    ['one', true],
  ]);
});

describe('an order', () => {
  test.each([
    ['createTime:asc', ['one', 'two', 'three', 'four']],
    ['createTime:desc', ['four', 'three', 'two', 'one']],
    ['jobId:asc', ['four', 'one', 'three', 'two']],
    ['name:asc', ['two', 'one', 'four', 'three']],
    ['name:desc', ['three', 'four', 'one', 'two']],
    ['priority:asc', ['four', 'one', 'three', 'two']],
    ['priority:desc', ['two', 'three', 'four', 'one']],
    ['status:asc', ['two', 'four', 'three', 'one']],
    ['percentageComplete:desc', ['two', 'four', 'three', 'one']],
    ['lastUpdateTime:desc', ['two', 'four', 'three', 'one']],
    ['description:asc', ['three', 'four', 'two', 'one']],
    ['externalData:asc', ['two', 'four', 'three', 'one']],
    ['labels.owner:asc', ['four', 'one', 'two', 'three']],
    ['labels.tag:4:asc', ['one', 'four', 'three', 'two']],
    ['items.failed:desc', ['two', 'four', 'three', 'one']],
    ['items.found:asc', ['four', 'three', 'one', 'two']],
    ['startTime:asc', ['two', 'four', 'three', 'one']],
    ['endTime:desc', ['four', 'three', 'two', 'one']],
    ['type:asc', ['four', 'three', 'two', 'one']],
    ['template:asc', ['four', 'three', 'two', 'one']],
    ['createdBy:asc', ['four', 'three', 'two', 'one']],
  ])('%s, for any page size', async (sort, expected) => {
    const world = await someJobs();

    for (const limit of ['1', '2', '3', '4', '5']) {
      expect(await allPages(world, queryOf({ sort, limit }))).toEqual({
        ids: expected,
        pages: Math.ceil(4 / Number(limit)),
      });
    }
  });

  test('keeps its position although a job of the previous page was deleted', async () => {
    const world = await someJobs();
    const first = await world.call('GET', JOBS, { query: 'sort=name:asc&limit=2' });
    await world.call('DELETE', `${JOBS}/one`);

    const { ids } = await allPages(world, nextQuery(first.headers) ?? '');

    expect([...idsOf(first.body), ...ids]).toEqual(['two', 'one', 'four', 'three']);
  });

  test('has separate cursors', async () => {
    const world = await someJobs();
    const { headers } = await world.call('GET', JOBS, { query: 'sort=name:asc&limit=2' });
    const cursor = new URLSearchParams(nextQuery(headers)).get('cursor') ?? '';

    for (const other of [{}, { sort: 'name:desc' }, { sort: 'name:asc', filter: 'id==*' }]) {
      const { status } = await world.call('GET', JOBS, { query: queryOf({ ...other, cursor }) });
      expect(status).toBe(400);
    }
  });
});

describe('an offset', () => {
  test.each(['createTime:desc', 'createTime:asc', 'name:asc'])(
    'skips, and pages go on behind it: %s',
    async (sort) => {
      const world = await someJobs();
      const all = await list(world, { sort });

      for (let offset = 0; offset < 6; offset += 1) {
        const { ids } = await allPages(world, queryOf({ sort, offset: String(offset), limit: '2' }));
        expect(ids).toEqual(all.slice(offset));
      }
    },
  );

  test('skips only matching jobs', async () => {
    expect(await list(await someJobs(), { filter: 'labels.owner==bob', offset: '1' })).toEqual(['one']);
  });
});

/** Jobs straight in the store: creating them by the API would take too long. */
async function largeWorld(count: number) {
  const clock = new VirtualClock();
  const reads = { units: 0, queries: 0 };
  const table = new (class extends MemoryTable {
    override async query(query: Parameters<MemoryTable['query']>[0]) {
      const page = await super.query(query);
      reads.units += page.units;
      reads.queries += 1;
      return page;
    }
    override async get(...given: Parameters<MemoryTable['get']>) {
      const answer = await super.get(...given);
      reads.units += answer.units;
      return answer;
    }
  })({ streams: () => false });
  const world = apiWorld({ table, clock });
  await createdJob(world, 'model');
  const model = await world.call('GET', `${JOBS}/model`);
  if (model.status !== 200) throw new Error(model.text);
  for (let i = 1; i < count; i += 1) {
    clock.advance(1);
    await insertJob(
      table,
      {
        partition: 'p1',
        job: `job-${String(i).padStart(6, '0')}`,
        createTime: clock.now(),
        labels: { mod: String(i % 100) },
        priority: i % 10,
        createdBy: 'test',
        requestHash: 'x',
        plan: {
          splitter: 'range',
          worker: 'rehearse',
          pipeline: [],
          itemsPerTask: 1,
          onItemFailure: 'continue',
          maxAttempts: 1,
          outcomes: 'all',
        },
      },
      { body: '{}' },
    );
  }
  const call = async (parameters: Record<string, string> = {}) => {
    reads.units = 0;
    const answer = await world.call('GET', JOBS, { query: queryOf(parameters) });
    return { ...answer, units: reads.units };
  };
  return { world, call };
}

describe('in a large partition', () => {
  test('the first page in the default order costs as many reads as in a small one', async () => {
    const [small, large] = [await largeWorld(100), await largeWorld(10_000)];

    for (const parameters of [{}, { sort: 'createTime:asc' }]) {
      const [few, many] = [await small.call(parameters), await large.call(parameters)];
      expect([few.body.length, many.body.length]).toEqual([25, 25]);
      expect(many.units).toBe(few.units);
    }
  });

  test('other orders work up to 10,000 matching jobs; beyond, the filter has to be narrowed', async () => {
    const { call } = await largeWorld(10_002);

    const refused = await call({ sort: 'jobId:desc' });
    const narrowed = await call({ sort: 'jobId:desc', filter: 'labels.mod==7', limit: '1000' });

    expect([refused.status, refused.body.code]).toEqual([422, 'query-too-broad']);
    expect(refused.body.detail).toMatch(/10000.*narrow.*createTime/);
    expect(idsOf(narrowed.body)).toHaveLength(100);
    expect(idsOf(narrowed.body)).toEqual(idsOf(narrowed.body).toSorted().reverse());
    const oneTooMany = await call({ sort: 'jobId:asc', filter: 'id!=model', limit: '1' });
    const most = await call({ sort: 'jobId:asc', filter: 'id!=model;id!=job-010001', limit: '1' });
    expect([oneTooMany.status, most.status, idsOf(most.body)]).toEqual([422, 200, ['job-000001']]);
  });

  test('a filter that few jobs pass pages on, page by page', async () => {
    const { world } = await largeWorld(10_500);

    const { ids } = await allPages(world, queryOf({ filter: 'labels.mod==42', limit: '30' }));

    expect(ids).toHaveLength(105);
    expect(new Set(ids).size).toBe(105);
  });
});

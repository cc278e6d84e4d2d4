import { describe, expect, test } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS } from './api-world.ts';
import { allPages, idsOf, nextQuery } from './lists.ts';
import { token } from './tokens.ts';

async function worldOf(count: number): Promise<ApiWorld> {
  const world = apiWorld();
  for (let i = 0; i < count; i += 1) {
    // Several jobs of one moment, as a loop of a client makes them.
    if (i % 3 === 0) world.clock.advance(1);
    await createdJob(world, `${i % 2 === 0 ? 'even' : 'odd'}-${i}`);
  }
  return world;
}

describe('the list of jobs', () => {
  test('begins with the newest, 25 a page', async () => {
    const world = await worldOf(30);

    const { body } = await world.call('GET', JOBS);

    expect(body).toHaveLength(25);
    const times = body.map(({ createTime }: { createTime: number }) => createTime);
    expect(times).toEqual(times.toSorted((one: number, other: number) => other - one));
  });

  test.each([1, 7, 20, 21, 1000])('by pages of %i finds each job once', async (limit) => {
    const world = await worldOf(20);

    const { ids, pages } = await allPages(world, `limit=${limit}`);

    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);
    expect(pages).toBe(Math.ceil(20 / limit));
  });

  test('by pages through a filter finds each match once', async () => {
    const world = await worldOf(20);

    const { ids } = await allPages(world, 'jobIdStartsWith=odd-&limit=3');

    expect(ids.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `odd-${2 * i + 1}`).toSorted());
  });

  test('keeps its position although jobs are created and deleted', async () => {
    const world = await worldOf(10);
    const first = await world.call('GET', JOBS, { query: 'limit=4' });
    await world.call('DELETE', `${JOBS}/${first.body.at(-1).id}`);
    await createdJob(world, 'newest');

    const { ids } = await allPages(world, nextQuery(first.headers) ?? '');

    const all = [...idsOf(first.body), ...ids];
    expect(all).toHaveLength(10);
    expect(new Set(all).size).toBe(10);
  });

  test('filters by status and by kind of status', async () => {
    const world = await worldOf(4);
    const move = (id: string, verb: 'dispatch' | 'complete' | 'cancel') =>
      moveJob(world.table, { partition: 'p1', job: id }, verb, { now: 1 });
    await move('even-0', 'dispatch');
    await move('even-0', 'complete');
    await move('odd-1', 'cancel');
    await move('even-2', 'dispatch');
    const list = async (query: string) => idsOf((await world.call('GET', JOBS, { query })).body).toSorted();

    expect(await list('status=Active')).toEqual(['even-2']);
    expect(await list('status=Active&status=Waiting')).toEqual(['even-2', 'odd-3']);
    expect(await list('statusType=Completed')).toEqual(['even-0']);
    expect(await list('statusType=NotCompleted')).toEqual(['even-2', 'odd-1', 'odd-3']);
    expect(await list('statusType=Inactive')).toEqual(['even-0', 'odd-1']);
    expect(await list('statusType=NotFinished&status=Waiting&status=Cancelled')).toEqual(['odd-3']);
  });

  test('of another partition is empty', async () => {
    const world = await worldOf(3);

    const other = await world.call('GET', '/partitions/p2/jobs', { token: token({ partitions: ['*'] }) });

    expect([other.status, other.body]).toEqual([200, []]);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['status=Done', 'status'],
    ['statusType=all', 'statusType'],
    ['offset=-1', 'offset'],
    ['offset=10001', 'offset'],
    ['offset=1&cursor=x.y', 'offset'],
    ['includeHidden=yes', 'includeHidden'],
    ['labelExist=', 'labelExist'],
    ['labelExist=a,,b', 'labelExist'],
    ['labelExist=a%20b', 'labelExist'],
    ['filter=', 'filter'],
    ['filter=colour==red', 'filter'],
    ['filter=priority==high', 'filter'],
    ['filter=status==Done', 'filter'],
    ['filter=id==a&filter=id==b', 'filter'],
    ['sort=name', 'sort'],
    ['sort=colour:asc', 'sort'],
    ['sort=name:up', 'sort'],
    ['lmit=3', 'lmit'],
    ['__proto__=3', '__proto__'],
  ])('names the invalid parameter in %s', async (query, parameter) => {
    const { status, body } = await apiWorld().call('GET', JOBS, { query });

    expect([status, body.errors[0].parameter]).toEqual([400, parameter]);
    expect(body.detail).toContain(parameter);
  });
});

describe('a cursor', () => {
  async function cursorOf(world: ApiWorld, query = 'limit=1') {
    const { headers } = await world.call('GET', JOBS, { query });
    return new URLSearchParams(nextQuery(headers)).get('cursor') ?? '';
  }

  test('serves pages of another size', async () => {
    const world = await worldOf(5);
    const cursor = await cursorOf(world);

    const { body } = await world.call('GET', JOBS, { query: `limit=3&cursor=${cursor}` });

    expect(body).toHaveLength(3);
  });

  test('that was changed in any position is refused', async () => {
    const world = await worldOf(3);
    const cursor = await cursorOf(world);
    const changed = [...cursor].map(
      (character, i) => cursor.slice(0, i) + (character === 'A' ? 'B' : 'A') + cursor.slice(i + 1),
    );

    for (const query of [...changed, 'x', '.', 'a.b.c', `${cursor}.x`]) {
      const { status, body } = await world.call('GET', JOBS, {
        query: `cursor=${encodeURIComponent(query)}`,
      });
      expect([status, body.errors?.[0].parameter]).toEqual([400, 'cursor']);
    }
  });

  test('is refused for another partition, filter or list', async () => {
    const world = await worldOf(3);
    const all = token({ partitions: ['*'] });
    const cursor = await cursorOf(world);
    const elsewhere = [
      ['/partitions/p2/jobs', `cursor=${cursor}`],
      [JOBS, `cursor=${cursor}&status=Waiting`],
      [`${JOBS}/odd-1/failures`, `cursor=${cursor}`],
    ] as const;

    for (const [path, query] of elsewhere) {
      const { status, body } = await world.call('GET', path, { query, token: all });
      expect([path, status, body.errors[0].parameter]).toEqual([path, 400, 'cursor']);
    }
  });

  test('of one instance of the function is good for every other', async () => {
    const world = await worldOf(3);
    const cursor = await cursorOf(world);
    const { table, clock } = world;
    const other = apiWorld({ table, clock });

    expect((await other.call('GET', JOBS, { query: `cursor=${cursor}` })).body).toHaveLength(2);
  });

  test('of another deployment is refused', async () => {
    const cursor = await cursorOf(await worldOf(3));

    expect((await (await worldOf(3)).call('GET', JOBS, { query: `cursor=${cursor}` })).status).toBe(400);
  });
});

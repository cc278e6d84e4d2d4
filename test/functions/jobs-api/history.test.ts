import { describe, expect, test } from 'vitest';
import { continueBulk, continueInBackground } from '../../../functions/store/bulk.ts';
import { apiWorld, BODY, createdJob, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const J1 = `${JOBS}/j1`;

describe('GET history', () => {
  test('shows who did what, when and why, oldest first', async () => {
    const world = apiWorld();
    await createdJob(world, 'j1', { ...BODY, hold: true });
    world.clock.advance(1_000);
    await world.call('PATCH', J1, { body: { name: 'n', labels: { a: '1' } }, token: token({ sub: 'bob' }) });
    await world.call('POST', `${J1}/cancel`, { token: token({ sub: 'carol' }) });

    const { status, body, headers } = await world.call('GET', `${J1}/history`);

    const time = world.clock.now();
    expect(status).toBe(200);
    expect(body).toEqual([
      { version: 1, time: time - 1_000, verb: 'create', actor: 'alice', to: 'Paused', reason: 'hold' },
      { version: 2, time, verb: 'edit', actor: 'bob', reason: 'changed name, labels' },
      { version: 3, time, verb: 'cancel', actor: 'carol', from: 'Paused', to: 'Cancelled' },
    ]);
    expect(headers['Link']).toBeUndefined();
  });

  test('names the caller of a bulk action, also for changes in the background', async () => {
    const world = apiWorld();
    const { table, clock } = world;
    await createdJob(world);
    await world.call('POST', `${JOBS}:pause`, { token: token({ sub: 'bob' }) });
    const begun = { id: 'b1', done: 0, examined: 0, isDone: false, position: undefined, now: clock.now() };
    const work = {
      partition: 'p1',
      verb: 'cancel',
      criteria: {},
      createTime: clock.now(),
      createdBy: 'carol',
    } as const;
    await continueInBackground(table, work, begun);

    await continueBulk(
      table,
      { partition: 'p1', id: 'b1' },
      { now: () => clock.now(), isTimeUp: () => false },
    );

    const { body } = await world.call('GET', `${J1}/history`);
    const changes = body.map(({ verb, actor }: { verb: string; actor: string }) => `${verb} by ${actor}`);
    expect(changes).toEqual(['create by alice', 'pause by bob', 'cancel by carol']);
  });

  test('pages by a cursor that belongs to this job only', async () => {
    const world = apiWorld();
    await createdJob(world);
    await createdJob(world, 'j2');
    for (let i = 0; i < 6; i += 1) await world.call('PATCH', J1, { body: { name: `n${i}` } });

    const versions: number[] = [];
    let query: string | undefined = 'limit=3';
    let last = '';
    while (query !== undefined) {
      const page: Awaited<ReturnType<typeof world.call>> = await world.call('GET', `${J1}/history`, {
        query,
      });
      versions.push(...page.body.map(({ version }: { version: number }) => version));
      query = page.headers['Link']?.split(/[?>]/)[1];
      last = query ?? last;
    }
    const foreign = await world.call('GET', `${JOBS}/j2/history`, { query: last });

    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([foreign.status, foreign.body.errors[0].parameter]).toEqual([400, 'cursor']);
  });

  test('of a job that is not there is a 404', async () => {
    expect((await apiWorld().call('GET', `${J1}/history`)).status).toBe(404);
  });
});

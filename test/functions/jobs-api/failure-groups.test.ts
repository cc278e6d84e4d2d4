import { describe, expect, test } from 'vitest';
import { putFailures } from '../../../functions/store/failures.ts';
import { addProgress } from '../../../functions/store/progress.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS } from './api-world.ts';

const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };
const PATH = `${JOBS}/j1/failures`;

/** Returns `sizes[g]` failures for each group g. Letters distinguish the groups. */
async function failed(sizes: readonly number[]): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world);
  const failures = sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, i) => ({
      failureId: `${group}/${i}`,
      failureTime: i,
      failureSource: `batch root, chunk ${i}, item k${i}`,
      failureMessage: `cannot ${String.fromCharCode(97 + group)} the item k${i}`,
      code: 'broken',
      attempts: 1,
    })),
  );
  await putFailures(world.table, RUN, failures);
  return world;
}

describe('failures by fingerprint', () => {
  test('are counted, largest group first', async () => {
    const world = await failed([2, 5]);

    const { status, body, headers } = await world.call('GET', PATH, { query: 'groupBy=fingerprint' });

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { count: 5, code: 'broken', message: 'cannot b the item <item>', isAtLeast: false },
      { count: 2, message: 'cannot a the item <item>', example: { failureId: '0/0', attempts: 1 } },
    ]);
    expect(body[0].fingerprint).toMatch(/^[0-9a-z]+$/);
    expect(headers['Link']).toBeUndefined();
  });

  test('page group by group', async () => {
    const world = await failed([1, 3, 3, 2]);

    const counts: number[] = [];
    let query: string | undefined = 'groupBy=fingerprint&limit=2';
    while (query !== undefined) {
      const page: Awaited<ReturnType<typeof world.call>> = await world.call('GET', PATH, { query });
      counts.push(...page.body.map(({ count }: { count: number }) => count));
      query = page.headers['Link']?.split(/[?>]/)[1];
    }

    expect(counts).toEqual([3, 3, 2, 1]);
  });

  test('report if the job has more failures than are kept', async () => {
    const world = await failed([1]);
    await addProgress(world.table, RUN, { failed: 10_000 }, { now: 1 });

    const { body } = await world.call('GET', PATH, { query: 'groupBy=fingerprint' });

    expect(body).toMatchObject([{ count: 1, isAtLeast: true }]);
  });

  test('of a job without failures are no groups; another word is refused', async () => {
    const world = await failed([]);

    expect((await world.call('GET', PATH, { query: 'groupBy=fingerprint' })).body).toEqual([]);
    expect((await world.call('GET', PATH, { query: 'groupBy=code' })).status).toBe(400);
  });
});

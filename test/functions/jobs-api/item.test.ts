import { describe, expect, test } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { outcomeKey } from '../../../functions/store/object-keys.ts';
import { type ApiWorld, apiWorld, BATCH, createdJob, eventOf, JOBS } from './api-world.ts';

const RUN = { partition: 'p1', job: 'j1', generation: 1 };
const ITEMS = `${JOBS}/j1/items`;

function anItem(id: string, more: object = {}) {
  return { id, path: '', outcome: 'succeeded', attempts: 1, ...more };
}

async function putChunk(world: ApiWorld, index: number, items: readonly object[]): Promise<void> {
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await world.objects.put(outcomeKey(RUN, '', index), lines);
}

async function aWorld(): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world, 'j1', { batch: { ...BATCH, itemsPerTask: 3 } });
  await moveJob(world.table, RUN, 'dispatch', { now: 1 });
  return world;
}

describe('an item', () => {
  test.each(['plain', 'a/b c', '0:98', 'ü%2F"q"', '.'])('is found by its id %j', async (id) => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('x'), anItem(`${id}x`)]);
    await putChunk(world, 1, [anItem(id, { output: { n: 1 } })]);

    const { status, body } = await world.call('GET', `${ITEMS}/${encodeURIComponent(id)}`);

    expect(status).toBe(200);
    expect(body).toEqual({ id, path: '', outcome: 'succeeded', attempts: [{}], output: { n: 1 } });
  });

  test('whose id contains a slash is found behind a gateway that decodes the path', async () => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('a/b')]);

    const { body } = await world.sendUnchecked({
      ...eventOf('GET', `${ITEMS}/x`),
      version: '1.0',
      resource: '/{route+}',
      path: `${ITEMS}/a/b`,
      pathParameters: { route: `${ITEMS}/a/b`.slice(1) },
    });

    expect(body).toMatchObject({ id: 'a/b', outcome: 'succeeded' });
  });

  test('has links only to files of its partition', async () => {
    const world = await aWorld();
    const part = { type: 'BASE_PART', filename: 'f', mimeType: 'text/plain' };
    const parts = [
      { ...part, key: 'outputs/p1/f' },
      { ...part, key: 'outputs/p2/f' },
      { ...part, url: 'https://example.com/f' },
    ];
    await putChunk(world, 0, [anItem('a', { parts })]);

    const { body, headers } = await world.call('GET', `${ITEMS}/a`);

    expect(body.parts).toEqual([
      { ...part, url: 'https://bucket.test/outputs/p1/f?get', expiresAt: expect.any(Number) },
      { ...part, note: expect.stringContaining('has no link') },
      { ...part, url: 'https://example.com/f' },
    ]);
    expect(headers['Cache-Control']).toBe('no-store');
  });

  test('without an outcome is not found, and the problem counts the outcomes that were read', async () => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('a'), anItem('b')]);

    const { status, body } = await world.call('GET', `${ITEMS}/c`);

    expect(status).toBe(404);
    expect(body.detail).toBe(
      "job 'j1' has no outcome of item 'c' among 2 outcomes; the job is not final yet, so try again later",
    );
  });

  test('behind more objects than one request reads is found by the cursor', async () => {
    const world = await aWorld();
    for (let index = 0; index < 1_001; index += 1) await putChunk(world, index, [anItem(String(index))]);

    const first = await world.call('GET', `${ITEMS}/1000`);
    const second = await world.call('GET', `${ITEMS}/1000`, { query: `cursor=${first.body.cursor}` });

    expect(first.body).toEqual({ id: '1000', attempts: [], lookedAt: 1_000, cursor: expect.any(String) });
    expect(first.headers['Link']).toContain(first.body.cursor);
    expect(second.body).toMatchObject({ id: '1000', outcome: 'succeeded' });
  });
});

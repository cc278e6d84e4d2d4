import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

const slow = (items: number, millisPerItem = 10) => ({
  batch: {
    splitter: 'range',
    definition: { from: 0, to: items },
    worker: 'rehearse',
    itemsPerTask: 5,
    parameters: { millisPerItem },
  },
});

async function outcomes(path: string): Promise<number> {
  return (await pages(`${path}/items?limit=1000`)).length;
}

describe('pause', () => {
  test('holds the work, and resume continues where it stopped: each item once', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, { body: slow(8_000, 200) });
    await until('some items are done', async () => (await outcomes(path)) > 0);

    const paused = await call('POST', `${path}/pause`);
    const again = await call('POST', `${path}/pause`);
    const { body: seen } = await call('GET', path);
    // The status cache may be 5 s old, and work begun within it may end.
    const still = await until('no more items are done', async () => {
      const before = await outcomes(path);
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      return before === (await outcomes(path)) && before;
    });
    const resumed = await call('POST', `${path}/resume`);
    const job = await finished(path);

    expect([paused.status, again.status, resumed.status]).toEqual([204, 204, 204]);
    expect(seen.status).toBe('Paused');
    expect(still).toBeLessThan(8_000);
    expect(job).toMatchObject({ status: 'Completed', items: { found: 8_000, succeeded: 8_000, failed: 0 } });
    expect(new Set((await pages(`${path}/items?limit=1000`)).map(({ id }) => id)).size).toBe(8_000);
  }, 180_000);

  test('of a job that has ended is refused, and so is resume of a waiting job', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, { body: slow(1) });
    await finished(path);

    const answers = [await call('POST', `${path}/pause`), await call('POST', `${path}/resume`)];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'invalid-transition'],
      [409, 'invalid-transition'],
    ]);
  });
});

test('a job created on hold begins only when it is resumed', async () => {
  const path = jobPath(freshPartition(), 'job');

  const created = await call('PUT', path, { body: { hold: true, ...slow(20) } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const { body: held } = await call('GET', path);
  await call('POST', `${path}/resume`);

  expect(created.body.status).toBe('Paused');
  expect(held).toMatchObject({ status: 'Paused', items: { found: 0 } });
  expect(await finished(path)).toMatchObject({ status: 'Completed', items: { succeeded: 20 } });
});

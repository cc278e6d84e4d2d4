import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

const numbers = (items: number, millisPerItem = 1) => ({
  batch: {
    splitter: 'range',
    definition: { from: 0, to: items },
    worker: 'rehearse',
    itemsPerTask: 5,
    parameters: { millisPerItem },
  },
});

/** The sweep comes each minute, on the emulator up to ten seconds late. */
const A_SWEEP_SECONDS = 100;

interface Entry {
  readonly time: number;
  readonly verb: string;
  readonly to: string;
}

const historyOf = (path: string): Promise<Entry[]> => pages(`${path}/history`);
const settings = (partition: string, body: object) =>
  call('PUT', `/partitions/${encodeURIComponent(partition)}`, { body });

async function gone(path: string) {
  return until(`${path} is gone`, async () => (await call('GET', path)).status === 404, A_SWEEP_SECONDS);
}

describe('a job starts', () => {
  test('its delay after it was created, and within two seconds', async () => {
    const path = jobPath(freshPartition(), 'job');

    const { body: created } = await call('PUT', path, { body: { delay: 3, ...numbers(5) } });
    const job = await finished(path);

    expect(created.status).toBe('Waiting');
    expect(job.status).toBe('Completed');
    expect(job.startTime - created.createTime).toBeGreaterThanOrEqual(3_000);
    expect(job.startTime - created.createTime).toBeLessThan(5_000);
  });

  test('not before its time', async () => {
    const path = jobPath(freshPartition(), 'job');
    const notBefore = Date.now() + 4_000;

    await call('PUT', path, { body: { notBefore, ...numbers(5) } });
    const job = await finished(path);

    expect(job).toMatchObject({ status: 'Completed', notBefore });
    expect(job.startTime).toBeGreaterThanOrEqual(notBefore);
    expect(job.startTime).toBeLessThan(notBefore + 5_000);
  });

  test('not at all, if it has expired by then', async () => {
    const path = jobPath(freshPartition(), 'job');
    const expiry = { waiting: { expiryTime: 'createTime+PT2S' } };

    await call('PUT', path, { body: { delay: 4, expiry, ...numbers(5) } });
    const job = await finished(path);

    expect(job).toMatchObject({ status: 'Expired', items: { found: 0 }, failures: [{ code: 'expired' }] });
  });
});

test('jobs expire and are deleted about a minute after their time, regardless of other changes', async () => {
  const partition = freshPartition();
  const [held, kept, over] = ['held', 'kept', 'over'].map((id) => jobPath(partition, id)) as [
    string,
    string,
    string,
  ];
  const soon = 'createTime+PT2S';
  const expiry = { paused: { expiryTime: soon }, expired: { expiryTime: 'none' } };
  await call('PUT', held, { body: { hold: true, expiry, ...numbers(5) } });
  await call('PUT', kept, { body: { hold: true, ...numbers(5) } });
  await call('PUT', over, {
    body: { expiry: { completed: { expiryTime: 'lastUpdateTime+PT2S' } }, ...numbers(5) },
  });
  await finished(over);

  const expired = await finished(held, A_SWEEP_SECONDS);
  await gone(over);

  expect(expired).toMatchObject({ status: 'Expired', failures: [{ code: 'expired' }] });
  expect(expired.endTime - expired.createTime).toBeGreaterThanOrEqual(2_000);
  expect((await historyOf(held)).at(-1)).toMatchObject({ verb: 'expire', actor: 'system', from: 'Paused' });
  expect((await call('GET', `${kept}/status`)).body).toBe('Paused');
  expect((await call('PUT', over, { body: numbers(5) })).body).toMatchObject({ generation: 2 });
}, 300_000);

describe('a partition', () => {
  test('that is suspended begins nothing until it is no longer', async () => {
    const partition = freshPartition();
    const path = jobPath(partition, 'job');
    await settings(partition, { suspended: true });

    await call('PUT', path, { body: numbers(5) });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const { body: before } = await call('GET', path);
    const { body: after } = await settings(partition, { suspended: false });
    const job = await finished(path);

    expect(before.status).toBe('Waiting');
    expect(job.status).toBe('Completed');
    expect(job.startTime).toBeGreaterThanOrEqual(after.lastUpdateTime);
  });

  test('with one slot runs one job at a time, by priority', async () => {
    const partition = freshPartition();
    const priorities = [2, 9, 5];
    const paths = priorities.map((priority) => jobPath(partition, `p${priority}`));
    await settings(partition, { maxActiveJobs: 1, suspended: true });
    for (const [i, path] of paths.entries()) {
      await call('PUT', path, { body: { priority: priorities[i], ...numbers(20, 5) } });
    }
    // The stream is read in order: a later job that completes shows that these are on the waitlist.
    const later = jobPath(freshPartition(), 'later');
    await call('PUT', later, { body: numbers(1) });
    await finished(later);
    await settings(partition, { maxActiveJobs: 1 });
    await Promise.all(paths.map((path) => finished(path)));

    const entries = (await Promise.all(paths.map(historyOf))).flatMap((history, i) =>
      history
        .filter(({ to }) => to === 'Active' || to === 'Completed')
        .map(({ time, to }) => ({ time, what: `${priorities[i]} ${to}` })),
    );
    expect(entries.sort((a, b) => a.time - b.time).map(({ what }) => what)).toEqual([
      '9 Active',
      '9 Completed',
      '5 Active',
      '5 Completed',
      '2 Active',
      '2 Completed',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { apiWorld } from './api-world.ts';
import { drainBulk, manyJobs } from './many-jobs.ts';
import { token } from './tokens.ts';

const CAF = '/caf/partitions/p1';

describe('an action on many jobs', () => {
  test.each([
    ['cancel', '', { jobsCanceled: 6 }],
    ['cancel', 'filter=labels.mod==1', { jobsCanceled: 3 }],
    ['delete', 'jobIdStartsWith=m-5', { jobsDeleted: 1 }],
    ['delete', 'labelExist=nope', { jobsDeleted: 0 }],
  ])('%s?%s answers with the number alone', async (verb, query, answer) => {
    const world = apiWorld();
    await manyJobs(world, 6, (i) => ({ mod: String(i % 2) }));

    const dry = await world.call('POST', `${CAF}/jobs:${verb}`, { query: `${query}&dryRun=true` });
    const { status, body, headers } = await world.call('POST', `${CAF}/jobs:${verb}`, { query });

    expect([dry.status, dry.body]).toEqual([200, answer]);
    expect([status, body]).toEqual([200, answer]);
    expect(headers['Content-Type']).toBe('application/json');
  });

  test.each([
    [1_000, 1_000],
    [1_001, 1_000],
  ])('on %i of them does %i within the request, and the rest without a word', async (count, done) => {
    const world = apiWorld();
    await manyJobs(world, count);

    const { status, body, headers } = await world.call('POST', `${CAF}/jobs:cancel`);
    const left = await world.call('GET', `${CAF}/jobStats/count`, { query: 'statusType=NotFinished' });
    await drainBulk(world);

    expect([status, body]).toEqual([200, { jobsCanceled: done }]);
    expect(headers).not.toHaveProperty('Location');
    expect(left.body).toBe(count - done);
    const after = await world.call('GET', `${CAF}/jobStats/count`, { query: 'status=Cancelled' });
    expect(after.body).toBe(count);
  });

  test('is for operators, and there is none that pauses, resumes or retries', async () => {
    const world = apiWorld();
    await manyJobs(world, 1);
    const viewer = token({ role: 'viewer' });

    expect((await world.call('POST', `${CAF}/jobs:cancel`, { token: viewer })).status).toBe(403);
    expect((await world.call('GET', `${CAF}/jobs:delete`)).status).toBe(405);
    for (const verb of ['pause', 'resume', 'retry']) {
      expect((await world.call('POST', `${CAF}/jobs:${verb}`)).status).toBe(404);
    }
    expect((await world.call('GET', `${CAF}/jobStats`)).status).toBe(404);
  });
});

test('the count is a plain integer', async () => {
  const world = apiWorld();
  await manyJobs(world, 7);

  const { status, text, headers } = await world.call('GET', `${CAF}/jobStats/count`, {
    query: 'statusType=All&jobIdStartsWith=m',
  });

  expect([status, text, headers['Content-Type']]).toEqual([200, '7', 'application/json']);
  expect((await world.call('GET', `${CAF}/jobStats/count`, { query: 'limit=1' })).status).toBe(400);
});

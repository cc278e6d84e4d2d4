import { expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, until } from './rest.ts';

test('a job of a long task shows how far that is, before anything is done', async () => {
  const path = jobPath(freshPartition(), 'job');
  const batch = {
    splitter: 'range',
    definition: { from: 7, to: 8 },
    worker: 'rehearse',
    itemsPerTask: 1,
    parameters: { millisPerItem: 14_000 },
  };
  await call('PUT', path, { body: { batch } });

  const seen = await until('the percent moves', async () => {
    const { body } = await call('GET', path);
    return body.percentageComplete > 0 && body;
  });
  const job = await finished(path);

  expect(seen).toMatchObject({ status: 'Active', note: 'item 7', items: { found: 1, succeeded: 0 } });
  expect(seen.percentageComplete).toBeLessThan(100);
  expect(job).toMatchObject({
    status: 'Completed',
    percentageComplete: 100,
    items: { succeeded: 1, sealed: true },
  });
  expect(job).not.toHaveProperty('note');
});

import { expect, test } from 'vitest';
import { apiWorld, BATCH, BODY, createdJob, JOBS } from './api-world.ts';

test('a new job is answered with its view, place and tag', async () => {
  const world = apiWorld();

  const { status, headers, body } = await world.call('PUT', `${JOBS}/j1`, { body: { name: 'n', ...BODY } });

  expect(status).toBe(201);
  expect(headers).toMatchObject({ Location: '../../../partitions/p1/jobs/j1', ETag: '"1.0"' });
  expect(body).toMatchObject({ id: 'j1', name: 'n', status: 'Waiting', percentageComplete: 0, version: 1 });
  expect(body).toMatchObject({ createdBy: 'alice', priority: 4, labels: {}, failures: [] });
});

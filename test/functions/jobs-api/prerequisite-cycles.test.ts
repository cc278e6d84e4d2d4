import { expect, test } from 'vitest';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { aDraft } from '../../support/jobs.ts';
import { apiWorld, BODY, JOBS } from './api-world.ts';

test('more waiting jobs than a search for a cycle may read are refused with the number', async () => {
  const world = apiWorld();
  const waiting = (job: string, prerequisite: string) => {
    const prerequisites = [{ job: prerequisite, since: 1 }];
    return insertJob(world.table, aDraft({ partition: 'p1', job, prerequisites }), { body: '{}' });
  };
  await waiting('later', 'goal');
  for (let i = 0; i < 2_100; i += 1) await waiting(`c${i}`, `c${i + 1}`);
  const body = { ...BODY, prerequisiteJobIds: ['c0'] };

  const refused = await world.call('PUT', `${JOBS}/goal`, { body });
  const created = await world.call('PUT', `${JOBS}/other`, { body });

  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/prerequisiteJobIds']);
  expect(refused.body.detail).toContain('more than 2000 waiting jobs');
  // If no job waits for the new one, no cycle is possible.
  expect(created.status).toBe(201);
});

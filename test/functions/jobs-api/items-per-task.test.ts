import { describe, expect, test } from 'vitest';
import { readJob } from '../../../functions/store/jobs.ts';
import { apiWorld, BATCH, JOBS, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

const registry = {
  ...REGISTRY,
  workers: [
    { name: 'rehearse', description: '', parameters: {}, itemsPerTask: 40 },
    { name: 'second', description: '', parameters: {}, itemsPerTask: 8 },
    { name: 'silent', description: '', parameters: {} },
  ],
};

async function plannedItems(body: object, template?: object): Promise<number | undefined> {
  const world = apiWorld({ registry });
  if (template !== undefined) {
    const put = await world.call('PUT', '/partitions/p1/templates/t', {
      body: template,
      token: token({ role: 'admin' }),
    });
    expect([put.status, put.text]).toEqual([201, expect.any(String)]);
  }
  const { status, text } = await world.call('PUT', `${JOBS}/j1`, { body });
  expect([status, text]).toEqual([201, expect.any(String)]);
  return (await readJob(world.table, { partition: 'p1', job: 'j1' }))?.plan.itemsPerTask;
}

describe('the number of items in a chunk', () => {
  test.each([
    ['what its worker declares', { ...BATCH }, 40],
    ['what the job states', { ...BATCH, itemsPerTask: 3 }, 3],
    ['the smallest of a pipeline', { ...BATCH, pipeline: ['second', 'silent'] }, 8],
    ['25 without a declaration', { ...BATCH, worker: 'silent' }, 25],
  ])('is %s', async (_what, batch, items) => {
    expect(await plannedItems({ batch })).toBe(items);
  });

  test.each([
    ['the smallest of the workers of its steps', {}, 8],
    ['what the template states', { itemsPerTask: 100 }, 100],
  ])('of a template is %s', async (_what, members, items) => {
    const steps = [
      { name: 'a', worker: 'rehearse' },
      { name: 'b', worker: 'second' },
    ];

    expect(await plannedItems({ template: 't', items: [{ id: 'i' }] }, { steps, ...members })).toBe(items);
  });
});

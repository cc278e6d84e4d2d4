import { expect, test } from 'vitest';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { worker as rehearse } from '../../functions/workers/rehearse/definition.ts';
import { jsonSchema } from '../../lib/registry.ts';
import { apiWorld, REGISTRY } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { memoryService } from '../support/memory-service.ts';
import { blocksFor, TUTORIALS } from './samples/inventory.ts';

const PARTITION = '/partitions/demo';
const ADMIN = token({ role: 'admin', partitions: ['*'] });

/** The API and the functions behind it, with the worker that the tutorials use. */
function aService() {
  const service = memoryService({ workers: [rehearse] });
  const { table, objects, clock, random, log, machines } = service;
  const splitters = shippedSplitters.map(({ name, description, definition }) => {
    return { name, description, definition: jsonSchema(definition) };
  });
  const registry = { ...REGISTRY, splitters };
  const api = apiWorld({ table, objects, clock, random, log, machines, registry });
  const call = async (method: string, path: string, body?: unknown, query = '') => {
    const answer = await api.call(method, `${PARTITION}${path}`, { body, query, token: ADMIN });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body;
  };
  return { service, call };
}

/** The bodies on a page. */
const bodiesOf = (page: string) =>
  blocksFor(TUTORIALS, `docs/tutorials/${page}.md`).map(({ text }) => JSON.parse(text));

test('the first job has the failures that its tutorial promises, and retries them', async () => {
  const { service, call } = aService();
  const [body] = bodiesOf('first-job');

  await call('PUT', '/jobs/first', body);
  await service.drain();

  expect(await call('GET', '/jobs/first')).toMatchObject({ status: 'Completed' });
  expect(await call('GET', '/jobs/first/failures')).toHaveLength(10);
  expect(await call('POST', '/jobs/first/retry')).toMatchObject({ itemsRetried: 10 });
});

test('the first template repairs the item that fails', async () => {
  const { service, call } = aService();
  const [template, job] = bodiesOf('first-template');

  await call('PUT', '/templates/work-and-repair', template);
  await call('PUT', '/jobs/repaired', job);
  await service.drain();

  expect(await call('GET', '/jobs/repaired')).toMatchObject({ status: 'Completed' });
  const steps = await call('GET', '/jobs/repaired/tasks');
  expect(steps.map((task: { step: string; outcome: string }) => [task.step, task.outcome])).toEqual([
    ['work', 'FAILED'],
    ['repair', 'COMPLETED'],
    ['finish', 'COMPLETED'],
  ]);
  const items = await call('GET', '/jobs/repaired/items');
  expect(items.map((item: { outcome: string }) => item.outcome)).toEqual(Array(3).fill('succeeded'));
});

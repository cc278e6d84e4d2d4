import { describe, expect, test } from 'vitest';
import { items } from '../../../functions/split-batch/splitters/items.ts';
import { range } from '../../../functions/split-batch/splitters/range.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { apiWorld, JOBS, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

const J1 = `${JOBS}/j1`;
const MAX_ITEMS = 1_000;

function smallWorld() {
  const splitters = [range, items].map(({ name, description, definition }) => ({
    name,
    description,
    definition: jsonSchema(definition),
  }));
  return apiWorld({ maxItems: MAX_ITEMS, registry: { ...REGISTRY, splitters } });
}

function batch(splitter: string, definition: unknown) {
  return { batch: { splitter, definition, worker: 'rehearse' } };
}

const SAFE = Number.MAX_SAFE_INTEGER;

describe('a range', () => {
  test.each<[object, string, RegExp]>([
    [{ from: 0, to: 1_001 }, '/batch/definition/to', /at least 1001 items; at most 1000 are allowed/],
    [{ from: 0, to: SAFE }, '/batch/definition/to', /9007199254740991 items.*at most 1000/],
    [{ from: -SAFE, to: SAFE }, '/batch/definition/to', /items; at most 1000/],
    [{ from: -2_000, to: 4, step: 2 }, '/batch/definition/to', /at least 1002 items/],
    [{ from: 10, to: 0 }, '/batch/definition/to', /is 0, which is less than from \(10\)/],
    [{ from: 0, to: 10, step: 0 }, '/batch/definition/step', />= 1/],
    [{ from: 0, to: 10, step: -1 }, '/batch/definition/step', />= 1/],
    [{ from: 0, to: 1e308 }, '/batch/definition/to', /9007199254740991/],
    [{ from: 0, to: SAFE + 1 }, '/batch/definition/to', /beyond 2\^53 - 1/],
    [{ from: 0, to: 10, step: 1e308 }, '/batch/definition/step', /9007199254740991/],
    [{ from: 0.5, to: 10 }, '/batch/definition/from', /integer/],
  ])('%j is refused before anything is written', async (definition, pointer, words) => {
    const world = smallWorld();

    const { status, body } = await world.call('PUT', J1, { body: batch('range', definition) });

    expect([status, body.errors?.[0].pointer]).toEqual([400, pointer]);
    expect(body.errors[0].detail).toMatch(words);
    expect([...world.table.rows()]).toEqual([]);
  });

  test.each([
    { from: 0, to: 1_000 },
    { from: SAFE - 10, to: SAFE },
    { from: -SAFE, to: SAFE, step: SAFE },
    { from: 5, to: 5 },
  ])('%j is accepted', async (definition) => {
    expect((await smallWorld().call('PUT', J1, { body: batch('range', definition) })).status).toBe(201);
  });
});

test.each([
  [MAX_ITEMS, 201],
  [MAX_ITEMS + 1, 400],
])('a list of %i items in place: %i', async (count, expected) => {
  const list = Array.from({ length: count }, (_, at) => at);

  const { status, body } = await smallWorld().call('PUT', J1, { body: batch('items', { items: list }) });

  expect([status, body.errors?.[0].pointer]).toEqual([
    expected,
    expected === 400 ? '/batch/definition/items' : undefined,
  ]);
});

test('a task whose batch is too large is refused with its location', async () => {
  const taskData = {
    batchType: 'range',
    batchDefinition: '{"from":0,"to":5000}',
    targetPipe: 'rehearse',
    taskMessageType: 'x',
  };
  const task = { taskClassifier: 'c', taskApiVersion: 1, taskPipe: 'batch', taskData };

  const { status, body } = await smallWorld().call('PUT', J1, { body: { task } });

  expect([status, body.errors?.[0].pointer]).toEqual([400, '/task/taskData/batchDefinition/to']);
  expect(body.detail).toContain('5000 items');
});

describe('a template', () => {
  const numbers = {
    description: 'Numbers.',
    parametersSchema: { type: 'object', properties: { to: { type: 'integer' } }, required: ['to'] },
    steps: [
      {
        name: 'only',
        splitter: 'range',
        definition: { from: 0, to: '$.parameters.to' },
        worker: 'rehearse',
      },
    ],
  };
  const listed = { description: 'Items.', steps: [{ name: 'only', worker: 'rehearse' }] };

  test.each<[string, object, object, string]>([
    ['numbers', numbers, { parameters: { to: 5_000 } }, '/parameters/to'],
    ['listed', listed, { items: Array.from({ length: 1_001 }, (_, at) => ({ id: String(at) })) }, '/items'],
  ])('with too many %s is refused with its location', async (name, template, members, pointer) => {
    const world = smallWorld();
    const admin = token({ role: 'admin' });
    const put = await world.call('PUT', `/partitions/p1/templates/${name}`, { body: template, token: admin });

    const { status, body } = await world.call('PUT', J1, { body: { template: name, ...members } });

    expect([put.status, status, body.errors?.[0].pointer]).toEqual([201, 400, pointer]);
    expect(body.detail).toMatch(/at most 1000 are allowed/);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SplitRequests } from '../../../functions/split-batch/split-requests.ts';
import { removeJob } from '../../../functions/store/removal.ts';
import type { Registry } from '../../../lib/registry.ts';
import { apiWorld, createdJob, JOBS } from './api-world.ts';

const J1 = `${JOBS}/j1`;
const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };

const PARAMETERS = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    count: { type: 'integer', minimum: 1 },
    ratio: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    flag: { $ref: '#/$defs/flag' },
    names: { type: 'array', items: { type: 'string' } },
    mode: { enum: [1, 2] },
    any: {},
  },
  additionalProperties: false,
  $defs: { flag: { type: 'boolean' } },
};

const NEEDY = { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] };

const RANGE = {
  type: 'object',
  properties: { from: { type: 'integer' }, to: { type: 'integer' } },
  required: ['from', 'to'],
  additionalProperties: false,
};

const REGISTRY: Registry = {
  jobTypes: [],
  templates: [],
  secrets: {},
  functions: {},
  splitters: [
    { name: 'items', description: '', definition: {} },
    { name: 'range', description: '', definition: RANGE },
    { name: 'words', description: '', definition: { type: 'string' } },
  ],
  workers: [
    { name: 'lang-detect', description: '', parameters: PARAMETERS },
    { name: 'detect', description: '', parameters: {} },
    { name: 'my-batch', description: '', parameters: {} },
    { name: 'needy', description: '', parameters: NEEDY },
  ],
};

const TASK = { taskClassifier: 'c', taskApiVersion: 1, taskData: 'text', taskPipe: 'detect' };
const SPLIT = {
  batchDefinition: '{"from": 0, "to": 10}',
  batchType: 'range',
  targetPipe: 'lang-detect',
};

const world = () => apiWorld({ registry: REGISTRY });
const itemTask = (more: object = {}) => ({ task: { ...TASK, ...more } });
const batchTask = (more: object = {}) => itemTask({ taskPipe: 'batch', taskData: { ...SPLIT, ...more } });

/** The plan of the job that a body makes, and what it will split. */
async function planned(body: object) {
  const { table, objects, ...api } = world();
  const created = await api.call('PUT', J1, { body });
  expect([created.status, created.text]).toEqual([201, expect.any(String)]);
  const { row } = await table.get({ pk: 'P#p1#J#j1', sk: 'JOB' });
  return { plan: row?.['plan'], ...(await new SplitRequests({ table, objects }).read(RUN)) };
}

async function refused(body: object) {
  const answer = await world().call('PUT', J1, { body });
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  return answer.body.errors[0];
}

describe('a task for a worker', () => {
  test.each([
    ['a text', { taskData: 'text' }, 'text'],
    ['a text of JSON', { taskData: '{"a":1}', taskDataEncoding: 'utf8' }, '{"a":1}'],
    ['base64', { taskData: 'w6TwnZKz', taskDataEncoding: 'base64' }, 'ä𝒳'],
    ['base64 for URLs, in lines', { taskData: 'Pj4-\nPz8_', taskDataEncoding: 'base64' }, '>>>???'],
    ['an object', { taskData: { a: [1, null] } }, { a: [1, null] }],
  ])('is a batch of one item, which holds %s', async (_, data, payload) => {
    const { plan, definition, parameters } = await planned(itemTask(data));

    expect(definition).toEqual({ items: [payload] });
    expect(parameters).toEqual({});
    expect(plan).toEqual({
      splitter: 'items',
      worker: 'detect',
      pipeline: [],
      itemsPerTask: 25,
      onItemFailure: 'failAtEnd',
      maxAttempts: 3,
      outcomes: 'all',
    });
  });

  test.each([
    ['lang-detect', 'lang-detect'],
    ['Lang_Detect', 'lang-detect'],
    ['langDetect', 'lang-detect'],
    ['lang-detect-in', 'lang-detect'],
    ['worker-lang-detect-in', 'lang-detect'],
    ['dataprocessing-detect-in', 'detect'],
    ['detect.input', 'detect'],
    ['my-batch', 'my-batch'],
  ])('finds it by %s', async (taskPipe, worker) => {
    expect(await planned(itemTask({ taskPipe }))).toMatchObject({ plan: { worker } });
  });

  test.each([
    [{ taskPipe: 'nobody' }, '/task/taskPipe', 'deployed: detect, lang-detect'],
    [{ taskPipe: '!!' }, '/task/taskPipe', 'deployed: detect'],
    [{ taskPipe: 'needy' }, '/task/taskPipe/key', 'missing'],
    [{ taskData: '*', taskDataEncoding: 'base64' }, '/task/taskData', 'base64'],
    [{ taskData: '=', taskDataEncoding: 'base64' }, '/task/taskData', 'base64'],
    [{ taskData: '/w==', taskDataEncoding: 'base64' }, '/task/taskData', 'UTF-8'],
    [{ taskApiVersion: 0 }, '/task/taskApiVersion', '1'],
    [{ targetPipe: '' }, '/task/targetPipe', '1'],
  ])('is refused with its location for %j', async (more, pointer, words) => {
    const error = await refused(itemTask(more));

    expect(error.pointer).toBe(pointer);
    expect(error.detail).toContain(words);
  });
});

describe('a task for the pipe batch', () => {
  test.each(['batch', 'Batch', 'batch-in', 'worker-batch-in', 'dataprocessing-batch-in'])(
    'written as %s equals its data',
    async (taskPipe) => {
      const taskData = { ...SPLIT, taskMessageType: 'DocumentMessage', taskMessageParams: { text: 'a' } };

      const { plan, definition, parameters } = await planned(itemTask({ taskPipe, taskData }));

      expect(plan).toMatchObject({
        splitter: 'range',
        worker: 'lang-detect',
        onItemFailure: 'failAtEnd',
        itemsPerTask: 25,
      });
      expect(definition).toEqual({ from: 0, to: 10 });
      expect(parameters).toEqual({ text: 'a' });
    },
  );

  test('may carry its data as a text of JSON, in base64 too', async () => {
    const text = JSON.stringify({ ...SPLIT, targetPipe: 'dataprocessing-detect-in' });
    const base64 = Buffer.from(text).toString('base64');

    for (const data of [
      { taskData: text },
      { taskData: text, taskDataEncoding: 'utf8' },
      { taskData: base64, taskDataEncoding: 'base64' },
    ]) {
      const { plan, definition } = await planned(itemTask({ taskPipe: 'batch', ...data }));
      expect([plan, definition]).toEqual([
        expect.objectContaining({ worker: 'detect' }),
        { from: 0, to: 10 },
      ]);
    }
  });

  test('has a string as its definition if the data is not JSON', async () => {
    const { definition } = await planned(batchTask({ batchType: 'words', batchDefinition: 'a b c' }));

    expect(definition).toBe('a b c');
  });

  test('reads the texts of its parameters as the worker wants them', async () => {
    const taskMessageParams = {
      text: '12',
      count: '7',
      ratio: ' 0.5 ',
      flag: 'true',
      names: '["a", "b"]',
      mode: '2',
      any: '1',
    };

    const { parameters } = await planned(batchTask({ taskMessageParams }));

    expect(parameters).toEqual({
      text: '12',
      count: 7,
      ratio: 0.5,
      flag: true,
      names: ['a', 'b'],
      mode: 2,
      any: '1',
    });
    expect((await planned(batchTask({ taskMessageParams: { count: 7, ratio: 'null' } }))).parameters).toEqual(
      { count: 7, ratio: null },
    );
  });

  test.each([
    [{ batchType: 'no' }, '/batchType', 'deployed: items, range, words'],
    [{ targetPipe: 'no' }, '/targetPipe', 'deployed: detect'],
    [{ targetPipe: 'batch' }, '/targetPipe', 'does not exist; deployed: '],
    [{ batchDefinition: '{"from": 1}' }, '/batchDefinition/to', 'missing'],
    [{ batchDefinition: 'from 1 to 2' }, '/batchDefinition', 'object'],
    [{ batchDefinition: { from: 1, to: 2 } }, '/batchDefinition', 'string'],
    [{ batchDefinition: '{"__proto__": 1}' }, '/batchDefinition', '__proto__'],
    [{ batchDefinition: '['.repeat(40) + ']'.repeat(40) }, '/batchDefinition', '32 levels'],
    [{ taskMessageParams: { count: 'seven' } }, '/taskMessageParams/count', 'integer'],
    [{ taskMessageParams: { count: '0' } }, '/taskMessageParams/count', '1'],
    [{ taskMessageParams: { nope: '0' } }, '/taskMessageParams/nope', 'not known'],
    [{ nope: 1 }, '/nope', 'not known'],
  ])('is refused with its location for %j', async (more, pointer, words) => {
    const error = await refused(batchTask(more));

    expect(error.pointer).toBe(`/task/taskData${pointer}`);
    expect(error.detail).toContain(words);
  });

  test.each(['no JSON', '[]', '7', 'null'])('is refused with the text %s as its data', async (taskData) => {
    expect((await refused(itemTask({ taskPipe: 'batch', taskData }))).pointer).toBe('/task/taskData');
  });
});

describe('the captured request of a task', () => {
  test('equals the sent body, and the same body again changes nothing', async () => {
    const api = world();
    const body = batchTask({ taskMessageParams: { count: '7' } });
    await createdJob(api, 'j1', body);

    expect((await api.call('GET', `${J1}/request`)).body).toEqual(body);
    expect((await api.call('PUT', J1, { body })).status).toBe(204);
    expect((await api.call('PUT', J1, { body: batchTask() })).status).toBe(409);
  });

  test('is deleted with its job, even if it is large', async () => {
    const api = world();
    await createdJob(api, 'j1', itemTask({ taskData: 'x'.repeat(10_000) }));
    const before = api.objects.keys();

    await removeJob(api, RUN, () => false);

    expect(before).toEqual([expect.stringMatching(/^requests\//)]);
    expect(api.objects.keys()).toEqual([]);
  });
});

test('any task is created or refused by the caller, never a fault of the service', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.json(),
    fc.constantFrom('batch', 'detect', 'lang-detect-in', '', 'range', 'items', 'x'.repeat(150)),
  );
  const anyValue = fc.oneof(text, fc.jsonValue(), fc.constant(undefined));
  const data = fc.record({
    batchDefinition: fc.oneof(text, fc.constant(SPLIT.batchDefinition)),
    batchType: fc.oneof(text, fc.constantFrom('range', 'items', 'words')),
    targetPipe: fc.oneof(text, fc.constantFrom('lang-detect', 'detect')),
    taskMessageParams: fc.oneof(
      anyValue,
      fc.dictionary(
        fc.constantFrom('text', 'count', 'ratio', 'flag', 'names', 'mode', 'any', 'toString'),
        text,
      ),
    ),
  });
  const task = fc.record({
    taskClassifier: fc.constant('c'),
    taskApiVersion: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, anyValue),
    taskData: fc.oneof(
      data,
      data.map((value) => JSON.stringify(value)),
      anyValue,
    ),
    taskDataEncoding: fc.constantFrom(undefined, undefined, 'utf8', 'base64'),
    taskPipe: fc.oneof(fc.constantFrom('batch', 'detect'), text),
    targetPipe: fc.constantFrom(undefined, null, 'q', ''),
  });
  const api = world();
  const seen = new Set<number>();

  const property = fc.asyncProperty(task, async (drawn) => {
    const { status } = await api.call('POST', JOBS, { body: { task: drawn } });
    seen.add(status);
    expect([201, 400]).toContain(status);
  });
  await fc.assert(property, { numRuns: 1_000 });

  expect([...seen].sort()).toEqual([201, 400]);
});

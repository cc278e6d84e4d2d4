import { describe, expect, test } from 'vitest';
import { readFlow } from '../../../functions/store/requests.ts';
import { type Answer, type ApiWorld, apiWorld, BATCH, JOBS, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

const PATH = '/templates/two-steps';

const TWO_STEPS = {
  description: 'Twice.',
  parametersSchema: {
    type: 'object',
    properties: { millis: { type: 'number' }, code: { type: 'string' } },
    additionalProperties: false,
  },
  steps: [
    { name: 'first', worker: 'rehearse', parameters: { millisPerItem: '$.parameters.millis' } },
    { name: 'second', worker: 'rehearse', parameters: { exitCode: '$.parameters.code' } },
  ],
};

const STEP = { name: 'a', worker: 'rehearse' };
const edge = (from: string, on: string, to: string | string[]) => ({ from, on, to });
const AGAIN = [edge('first', '*', 'second')];

const ITEMS = [{ id: 'a', parts: [{ url: 'upload:1', mimeType: 'text/plain' }] }, {}];

function put(world: ApiWorld, body: unknown = TWO_STEPS, path = PATH, headers = {}): Promise<Answer> {
  return world.call('PUT', path, { body, headers, token: token({ role: 'admin', partitions: ['*'] }) });
}

const pointers = ({ body }: Answer) => body.errors.map(({ pointer }: { pointer: string }) => pointer);

describe('a template', () => {
  test('is created, changed and read, each change as a version with a state machine of its own', async () => {
    const world = apiWorld();

    const created = await put(world);
    const same = await put(world, { name: 'two-steps', ...TWO_STEPS, enabled: true });
    const changed = await put(world, { ...TWO_STEPS, description: 'Two times.' });
    const read = await world.call('GET', PATH);
    const versions = await world.call('GET', `${PATH}/versions`);

    expect([created.status, same.status, changed.status]).toEqual([201, 200, 200]);
    expect(created.headers).toMatchObject({ ETag: '"1"', Location: '../templates/two-steps' });
    expect([created, same, changed].map(({ body }) => body.version)).toEqual(['1', '1', '2']);
    expect(read.body).toMatchObject({
      name: 'two-steps',
      version: '2',
      description: 'Two times.',
      deployed: false,
    });
    expect(read.body).not.toHaveProperty('machine');
    expect(versions.body.map(({ version }: { version: string }) => version)).toEqual(['2', '1']);
    const { StartAt } = world.machines.definitionOf('machine:two-steps:2');
    expect(StartAt).toBe('Run first until every item is recorded');
    expect(world.machines.definitionOf('machine:two-steps:3')).toBeUndefined();
  });

  test('is listed by name, and gone when it is deleted; put again it counts on', async () => {
    const world = apiWorld();
    await put(world);
    await put(world, TWO_STEPS, '/templates/another');

    const listed = await world.call('GET', '/templates');
    const deleted = await world.call('DELETE', PATH, { token: token({ role: 'admin', partitions: ['*'] }) });
    const gone = await world.call('GET', PATH);
    const again = await put(world);

    expect(listed.body).toEqual([
      expect.objectContaining({ name: 'another', enabled: true, steps: ['first', 'second'] }),
      expect.objectContaining({ name: 'two-steps', version: '1', deployed: false }),
    ]);
    expect([deleted.status, gone.status, again.status, again.body.version]).toEqual([204, 404, 201, '2']);
  });

  test('is changed by an admin only, and only with its current version', async () => {
    const world = apiWorld();
    await put(world);

    const operator = await world.call('PUT', PATH, { body: TWO_STEPS });
    const stale = await put(world, { ...TWO_STEPS, description: '' }, PATH, { 'If-Match': '"7"' });

    expect(operator.status).toBe(403);
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
  });

  test('that was deployed with the service is shown and cannot be changed', async () => {
    const template = { ...(await put(apiWorld())).body, version: 'deployed-0123456789ab' };
    const world = apiWorld({ registry: { ...REGISTRY, templates: [template] } });

    const read = await world.call('GET', PATH);
    const changed = await put(world);

    expect(read.body).toMatchObject({ deployed: true, version: 'deployed-0123456789ab' });
    expect([changed.status, changed.body.code]).toEqual([409, 'read-only']);
  });

  test.each([
    ['an unknown worker', { steps: [{ name: 'a', worker: 'no' }] }, '/steps/0/worker'],
    ['a worker without a name', { steps: [{ name: 'A b', worker: 'rehearse' }] }, '/steps/0/name'],
    [
      'a schema that is none',
      { steps: [{ name: 'a', worker: 'rehearse' }], parametersSchema: { required: 'a' } },
      '/parametersSchema/required',
    ],
    [
      'a reference to nothing',
      {
        ...TWO_STEPS,
        steps: [{ name: 'a', worker: 'rehearse', parameters: { exitCode: '$.parameters.no' } }],
      },
      '/steps/0/parameters/exitCode',
    ],
    [
      'a literal that the worker refuses',
      { steps: [{ name: 'a', worker: 'rehearse', parameters: { millisPerItem: 'long' } }] },
      '/steps/0/parameters/millisPerItem',
    ],
    ['an edge to nowhere', { ...TWO_STEPS, flow: [{ from: 'first', on: '*', to: 'no' }] }, '/flow/0/to'],
    ['an unreachable step', { ...TWO_STEPS, flow: [] }, '/steps/1'],
    ['a loop without an end', { ...TWO_STEPS, flow: [...AGAIN, edge('second', 'MORE', 'first')] }, '/flow/0'],
    [
      'two edges for an outcome',
      { ...TWO_STEPS, flow: [...AGAIN, edge('first', '*', 'second')] },
      '/flow/1/on',
    ],
    ['one branch alone', { ...TWO_STEPS, flow: [edge('first', '*', ['second'])] }, '/flow/0/to'],
    ['one name for two steps', { steps: [STEP, STEP] }, '/steps/1/name'],
    ['an unknown splitter', { steps: [{ ...STEP, splitter: 'line', definition: {} }] }, '/steps/0/splitter'],
    ['nothing to split', { steps: [{ ...STEP, splitter: 'range' }] }, '/steps/0/definition'],
    [
      'a definition that the splitter refuses',
      { steps: [{ ...STEP, splitter: 'range', definition: { from: 0, to: 'x' } }] },
      '/steps/0/definition/to',
    ],
    ['no steps', { steps: [] }, '/steps'],
    ['what is not known', { ...TWO_STEPS, nope: 1 }, '/nope'],
    ['a name of its own', { ...TWO_STEPS, name: 'other' }, '/name'],
  ])('with %s is refused with its location', async (_, body, pointer) => {
    const world = apiWorld();

    const answer = await put(world, body);

    expect([answer.status, pointers(answer)]).toEqual([400, [pointer]]);
    expect((await world.call('GET', PATH)).status).toBe(404);
  });

  test('has a name that can be part of a state machine', async () => {
    expect((await put(apiWorld(), TWO_STEPS, '/templates/Two%20Steps')).status).toBe(400);
  });
});

describe('a job of a template', () => {
  async function created(request: object, template: unknown = TWO_STEPS) {
    const world = apiWorld();
    await put(world, template);
    const body = { template: 'two-steps', ...request };
    return { world, answer: await world.call('PUT', `${JOBS}/j1`, { body }) };
  }

  test('is created with its steps, its words in them, and its items', async () => {
    const { world, answer } = await created({ parameters: { millis: 5 }, items: ITEMS });

    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({ template: 'two-steps', templateVersion: '1', status: 'Waiting' });
    const flow = await readFlow(world.table, world.objects, { partition: 'p1', job: 'j1', runNumber: 1 });
    expect(flow?.steps.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['first', { millisPerItem: 5 }],
      ['second', {}],
    ]);
    expect(flow?.items).toHaveLength(2);
    const request = await world.call('GET', `${JOBS}/j1/request`);
    expect(request.body).toEqual({ template: 'two-steps', parameters: { millis: 5 }, items: ITEMS });
  });

  test.each([
    ['parameters that the schema refuses', { parameters: { millis: 'x' }, items: [] }, '/parameters/millis'],
    ['parameters that the worker refuses', { parameters: { millis: -1 }, items: [] }, '/parameters/millis'],
    ['no items', {}, '/items'],
    ['an unknown template', { template: 'nowhere', items: [] }, '/template'],
    ['a second form', { items: [], batch: BATCH }, ''],
  ])('with %s is refused', async (_, request, pointer) => {
    const { answer } = await created(request);

    expect([answer.status, pointers(answer)]).toEqual([400, [pointer]]);
  });

  test('has no items where the first step splits', async () => {
    const splitting = {
      steps: [{ name: 'a', worker: 'rehearse', splitter: 'range', definition: { from: 0, to: 3 } }],
    };

    expect((await created({}, splitting)).answer.status).toBe(201);
    expect(pointers((await created({ items: [] }, splitting)).answer)).toEqual(['/items']);
    expect(pointers((await created({ parameters: {} }, splitting)).answer)).toEqual(['/parameters']);
  });

  test('is refused while the template is disabled', async () => {
    const { answer } = await created({ items: [] }, { ...TWO_STEPS, enabled: false });

    expect([answer.status, answer.body.code]).toEqual([409, 'template-disabled']);
  });

  test('can be the result of a job type', async () => {
    const world = apiWorld();
    const mapping = '{"template": "two-steps", "parameters": {"millis": 3}, "items": [{"id": "x"}]}';
    await put(world);
    await world.call('PUT', '/job-types/typed', {
      body: { mapping },
      token: token({ role: 'admin', partitions: ['*'] }),
    });

    const answer = await world.call('PUT', `${JOBS}/j1`, { body: { type: 'typed' } });

    expect(answer.body).toMatchObject({ type: 'typed', template: 'two-steps', templateVersion: '1' });
  });
});

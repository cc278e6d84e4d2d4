import { describe, expect, test } from 'vitest';
import { MAX_DOCUMENTS_OF_PARTITION } from '#contract/document-version.ts';
import { readFlow } from '../../../functions/store/requests.ts';
import { type Answer, type ApiWorld, apiWorld, JOBS, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

const ALL = token({ partitions: ['*'], role: 'admin' });
const tokenOf = (partition: string) => token({ partitions: [partition], role: 'admin' });

/** A global job type or template, or one of a partition. */
async function put(
  world: ApiWorld,
  path: string,
  body: object,
  { by = ALL, headers = {} }: { by?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return world.call('PUT', path, { body, token: by, headers });
}

const batchTo = (to: number) => ({
  mapping: `{"batch": {"splitter": "range", "definition": {"from": 0, "to": ${to}}, "worker": "rehearse"}, "labels": {"to": "${to}"}}`,
});
const stepsOf = (name: string) => ({ steps: [{ name, worker: 'rehearse' }] });
const ofTemplate = (more = '') => ({ mapping: `{"template": "t", "items": [{"id": "1"}]${more}}` });

async function jobOf(world: ApiWorld, partition: string, body: object, id = 'j1'): Promise<Answer> {
  const path = `/partitions/${partition}/jobs/${id}`;
  return world.call('PUT', path, { body, token: token({ partitions: [partition] }) });
}

/** Names of the steps with which a job of p1 was created. */
async function flowSteps({ table, objects }: ApiWorld, job: string) {
  const flow = await readFlow(table, objects, { partition: 'p1', job, runNumber: 1 });
  return flow?.steps.map(({ name }) => name);
}

describe.each([
  ['job types', '/job-types/t', (n: number) => batchTo(n), { type: 't' }],
  ['templates', '/templates/t', (n: number) => stepsOf(`step-${n}`), { template: 't', items: [{ id: '1' }] }],
] as const)('%s of a partition', (_, path, body, request) => {
  const own = `/partitions/p1${path}`;

  test('are changed by its own admin, and do not exist in another partition', async () => {
    const world = apiWorld();

    const created = await put(world, own, body(1), { by: tokenOf('p1') });
    const changed = await put(world, own, body(2), { by: tokenOf('p1') });
    const foreign = await put(world, own, body(3), { by: tokenOf('p2') });
    const read = await world.call('GET', own);

    expect([created.status, changed.status, foreign.status]).toEqual([201, 200, 404]);
    expect(created.headers).toMatchObject({ ETag: '"1"', Location: `../../..${own}` });
    expect(read.body).toMatchObject({
      version: '2',
      scope: 'partition',
      deployed: false,
      createdBy: 'alice',
    });
    const job = await jobOf(world, 'p2', request);
    expect([job.status, job.text]).toEqual([
      400,
      expect.stringContaining("'t' does not exist; available: none"),
    ]);
    expect((await jobOf(world, 'p1', request)).status).toBe(201);
  });

  test('of a foreign partition look exactly like missing ones', async () => {
    const world = apiWorld();
    await put(world, own, body(1));
    const by = { token: tokenOf('p2') };

    for (const [method, below] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/versions'],
    ] as const) {
      const foreign = await world.call(method, `${own}${below}`, by);
      const missing = await world.call(method, `/partitions/p2${path}${below}`, by);
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      expect(foreign.text).toBe(missing.text.replaceAll('p2', 'p1'));
      expect(foreign.headers).toEqual(missing.headers);
    }
  });

  test('hide the global one of their name, in reading and in creation, until they are deleted', async () => {
    const world = apiWorld();
    await put(world, path, body(1));
    const uncovered = await world.call('GET', own);
    const before = await jobOf(world, 'p1', request, 'before');
    await put(world, own, body(2), { by: tokenOf('p1') });
    await put(world, own, body(3), { by: tokenOf('p1') });

    const hidden = await world.call('GET', own);
    const during = await jobOf(world, 'p1', request, 'during');
    const elsewhere = await world.call('GET', `/partitions/p2${path}`, { token: tokenOf('p2') });
    const deleted = await world.call('DELETE', own, { token: tokenOf('p1') });
    const again = await world.call('DELETE', own, { token: tokenOf('p1') });
    const after = await jobOf(world, 'p1', request, 'after');

    expect([uncovered.body.scope, hidden.body.scope, elsewhere.body.scope]).toEqual([
      'global',
      'partition',
      'global',
    ]);
    const versionOf = ({ body: job }: Answer) => job.templateVersion ?? job.typeVersion;
    expect([before, during, after].map(versionOf)).toEqual(['1', '2', '1']);
    expect([deleted.status, again.status]).toEqual([204, 404]);
    expect((await world.call('GET', own)).body.scope).toBe('global');
    expect((await world.call('GET', path)).body.version).toBe('1');
  });

  test('are listed with the global ones that they do not hide, each with its scope', async () => {
    const world = apiWorld();
    const folder = path.slice(0, -2);
    for (const name of ['a', 't']) await put(world, `${folder}/${name}`, body(1));
    await put(world, own, body(2));
    await put(world, `/partitions/p2${folder}/z`, body(3));

    const seen = async (base: string) => {
      const { body: entries } = await world.call('GET', `${base}${folder}`, { token: ALL });
      return entries.map(({ name, scope }: { name: string; scope: string }) => `${name} ${scope}`);
    };

    expect(await seen('/partitions/p1')).toEqual(['a global', 't partition']);
    expect(await seen('/partitions/p2')).toEqual(['a global', 't global', 'z partition']);
    expect(await seen('')).toEqual(['a global', 't global']);
  });

  test('have versions and ETags that no global one is taken for', async () => {
    const world = apiWorld();
    await put(world, path, body(1));
    const global = await world.call('GET', own);
    const known = { 'if-none-match': global.headers['ETag'] ?? '' };

    const unchanged = await world.call('GET', own, { headers: known });
    const taken = await put(world, own, body(2), { headers: { 'if-match': '"1"' } });
    await put(world, own, body(2));
    const covered = await world.call('GET', own, { headers: known });
    await put(world, own, body(3), { headers: { 'if-match': '"1"' } });
    const first = await world.call('GET', `${own}/versions`, { query: 'limit=1' });
    const next = /\?([^>]+)>/.exec(first.headers['Link'] ?? '')?.[1] ?? '';
    const second = await world.call('GET', `${own}/versions`, { query: next });
    const ofGlobal = await world.call('GET', `/partitions/p2${path}/versions`, { token: tokenOf('p2') });

    expect([global.headers['ETag'], unchanged.status, taken.status]).toEqual(['"global-1"', 304, 412]);
    expect([covered.status, covered.headers['ETag']]).toEqual([200, '"1"']);
    const told = (answer: Answer) =>
      answer.body.map(({ version, scope }: { version: string; scope: string }) => `${version} ${scope}`);
    expect([told(first), told(second), told(ofGlobal)]).toEqual([
      ['2 partition'],
      ['1 partition'],
      ['1 global'],
    ]);
    expect(second.headers['Link']).toBeUndefined();
  });

  test(`are ${MAX_DOCUMENTS_OF_PARTITION} at most, however many are put at once`, async () => {
    const world = apiWorld();
    const folder = `/partitions/p1${path.slice(0, -2)}`;
    const names = Array.from({ length: MAX_DOCUMENTS_OF_PARTITION - 2 }, (_none, i) => `n${i}`);
    for (const name of names) await put(world, `${folder}/${name}`, body(1));

    const racing = await Promise.all(
      ['v', 'w', 'x', 'y', 'z'].map((name) => put(world, `${folder}/${name}`, body(1))),
    );
    const refused = racing.find(({ status }) => status === 409);
    const changed = await put(world, `${folder}/n0`, body(2));
    const elsewhere = await put(world, `/partitions/p2${path}`, body(1));
    const global = await put(world, path, body(1));
    await world.call('DELETE', `${folder}/n0`, { token: ALL });
    const freed = await put(world, `${folder}/once-more`, body(1));

    expect(racing.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
    expect(refused?.body.code).toBe('limit-reached');
    expect(refused?.body.detail).toContain(`has ${MAX_DOCUMENTS_OF_PARTITION} `);
    expect([changed.status, elsewhere.status, global.status, freed.status]).toEqual([200, 201, 201, 201]);
    expect((await world.call('GET', folder)).body).toHaveLength(MAX_DOCUMENTS_OF_PARTITION + 1);
  });
});

describe('a job type of a partition that names a template', () => {
  test('finds that of its partition before the global one', async () => {
    const world = apiWorld();
    await put(world, '/templates/t', stepsOf('global'));
    await put(world, '/partitions/p1/job-types/typed', ofTemplate());
    const before = await jobOf(world, 'p1', { type: 'typed' }, 'before');
    await put(world, '/partitions/p1/templates/t', stepsOf('own'));

    const during = await jobOf(world, 'p1', { type: 'typed' }, 'during');

    expect([before.status, during.status]).toEqual([201, 201]);
    expect(await flowSteps(world, 'before')).toEqual(['global']);
    expect(await flowSteps(world, 'during')).toEqual(['own']);
  });
});

describe('a global job type', () => {
  const CONFIGURED = {
    configuration: { key: 'the-key' },
    mapping: '{"template": "t", "items": [{"id": "1"}], "parameters": {"key": configuration.key}}',
  };
  const withKey = (name: string) => ({
    ...stepsOf(name),
    parametersSchema: { type: 'object', properties: { key: { type: 'string' } } },
  });

  test('hands its configuration to global templates only, never to one of a partition', async () => {
    const world = apiWorld();
    await put(world, '/templates/t', withKey('global'));
    await put(world, '/job-types/typed', CONFIGURED);
    await put(world, '/partitions/p1/templates/t', withKey('own'), { by: tokenOf('p1') });

    const job = await jobOf(world, 'p1', { type: 'typed' });

    expect(job.status).toBe(201);
    expect(await flowSteps(world, 'j1')).toEqual(['global']);
  });

  test('shows its configuration to admins of all partitions, one of a partition to its admins', async () => {
    const world = apiWorld();
    const type = { ...batchTo(1), configuration: { key: 'the-key' } };
    await put(world, '/job-types/g', type);
    await put(world, '/partitions/p1/job-types/o', type);
    const seen = async (path: string, by: string) =>
      (await world.call('GET', path, { token: by })).body.configuration?.key ?? 'absent';
    const readers = [ALL, tokenOf('p1'), token({ role: 'operator' }), token({ role: 'viewer' })];

    const columns = await Promise.all(
      ['/job-types/g', '/partitions/p1/job-types/g', '/partitions/p1/job-types/o'].map((path) =>
        Promise.all(readers.map((by) => seen(path, by))),
      ),
    );

    expect(columns).toEqual([
      ['the-key', 'absent', 'absent', 'absent'],
      ['the-key', 'absent', 'absent', 'absent'],
      ['the-key', 'the-key', 'absent', 'absent'],
    ]);
  });
});

describe('state machines', () => {
  test('of templates of the same name differ between partitions, and fit into 80 characters', async () => {
    const world = apiWorld();
    const name = 'a'.repeat(40);
    const names: string[] = [];
    const { publish } = world.machines;
    world.machines.publish = async (machine, definition) => {
      names.push(machine);
      return publish.call(world.machines, machine, definition);
    };

    for (const base of ['', '/partitions/p1', '/partitions/p2', '/partitions/p%231']) {
      await put(world, `${base}/templates/${name}`, stepsOf('a'));
    }

    expect(new Set(names).size).toBe(4);
    // The prefix of the stack has at most 30 characters, and a hyphen.
    for (const machine of names) expect(machine).toMatch(/^[\w-]{1,49}$/);
  });
});

describe('a job of a template of its partition', () => {
  test('keeps it when it is deleted; a resubmitted job uses the current version', async () => {
    const world = apiWorld();
    await put(world, '/templates/t', stepsOf('global'));
    await put(world, '/partitions/p1/templates/t', stepsOf('own'));
    const request = { template: 't', items: [{ id: '1' }] };
    await jobOf(world, 'p1', request);
    await world.call('POST', `${JOBS}/j1/cancel`);
    await world.call('DELETE', '/partitions/p1/templates/t', { token: ALL });

    const resubmitted = await world.call('POST', `${JOBS}/j1/resubmit`, { body: { id: 'j2' } });

    expect(resubmitted.status, resubmitted.text).toBe(201);
    expect([await flowSteps(world, 'j1'), await flowSteps(world, 'j2')]).toEqual([['own'], ['global']]);
  });
});

test('a template that came with the deployment can be hidden by a partition, for itself alone', async () => {
  const { body: made } = await put(apiWorld(), '/templates/shipped', stepsOf('deployed'));
  const templates = [{ ...made, version: 'deployed-0123456789ab' }];
  const world = apiWorld({ registry: { ...REGISTRY, templates } });
  const own = await put(world, '/partitions/p1/templates/shipped', stepsOf('own'), { by: tokenOf('p1') });
  const request = { template: 'shipped', items: [{ id: '1' }] };

  const [one, other] = [await jobOf(world, 'p1', request), await jobOf(world, 'p2', request)];

  expect([own.status, one.body.templateVersion, other.body.templateVersion]).toEqual([
    201,
    '1',
    expect.stringMatching(/^deployed-/),
  ]);
});

describe('a mapping that fails', () => {
  // Longer than what a message shows of a value.
  const KEY = `key-"4711"-${'x'.repeat(60)}`;
  const url = '"https://" & configuration.key & parameters.path';
  const batchOf = (worker: string, parameters: string) =>
    `{"batch": {"splitter": "range", "definition": {"from": 0, "to": 1}, "worker": ${worker}, "parameters": ${parameters}}}`;

  test.each([
    ['at a value that the worker refuses', batchOf('"rehearse"', `{"millisPerItem": ${url}}`)],
    ['at a name that nothing has', batchOf(url, '{}')],
    ['in an expression', '{"batch": $number(configuration.key & parameters.path)}'],
  ])('does not reveal its configuration to the caller: %s', async (_, mapping) => {
    const world = apiWorld();
    const parametersSchema = { type: 'object', properties: { path: { type: 'string' } } };
    await put(world, '/job-types/t', { configuration: { key: KEY }, mapping, parametersSchema });

    const { status, text, body } = await jobOf(world, 'p1', { type: 't', parameters: { path: '/ a b' } });

    expect([status, body.code]).toEqual([422, 'mapping-failed']);
    expect(text).not.toContain('4711');
  });
});

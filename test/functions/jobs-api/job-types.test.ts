import { describe, expect, test } from 'vitest';
import type { JobTypeBody } from '#contract/job-types.ts';
import { compileSchema } from '../../../functions/jobs-api/json-schema.ts';
import { readBatch } from '../../../functions/store/requests.ts';
import { deployedJobTypes } from '../../../lib/deployed-job-types.ts';
import { type ApiWorld, apiWorld, createdJob, JOBS, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

const ADMIN = token({ role: 'admin' });
const J1 = `${JOBS}/j1`;
const batch = (to: string) =>
  `{"splitter": "range", "definition": {"from": 0, "to": ${to}}, "worker": "rehearse"}`;

const NUMBERS = {
  description: 'Numbers.',
  parametersSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 0 } },
    required: ['count'],
    additionalProperties: false,
  },
  configuration: { team: 'search' },
  constants: { most: 100, extra: { a: [1] } },
  mapping: `parameters.count > constants.most ? $error("at most 100 {{x}}") : {"batch": ${batch('parameters.count')}}`,
};

async function put(world: ApiWorld, name: string, body: Partial<JobTypeBody>, headers = {}) {
  return world.call('PUT', `/job-types/${encodeURIComponent(name)}`, { body, token: ADMIN, headers });
}

async function created(mapping: string, request: object = {}, more: object = {}) {
  const world = apiWorld();
  const { status, text } = await put(world, 't', { mapping, ...more });
  expect([status, text]).toEqual([201, expect.any(String)]);
  return { world, answer: await world.call('PUT', J1, { body: { type: 't', ...request } }) };
}

describe('a job type', () => {
  test('is created, changed, read and deleted; its versions stay', async () => {
    const world = apiWorld();

    const first = await put(world, 'numbers', NUMBERS);
    const { mapping, ...others } = NUMBERS;
    const same = await put(world, 'numbers', { mapping, ...others });
    const second = await put(world, 'numbers', { ...NUMBERS, description: 'More.' });
    const read = await world.call('GET', '/job-types/numbers', { token: token({ role: 'viewer' }) });
    const deleted = await world.call('DELETE', '/job-types/numbers', { token: ADMIN });
    const gone = await world.call('GET', '/job-types/numbers');
    const versions = await world.call('GET', '/job-types/numbers/versions');
    const third = await put(world, 'numbers', NUMBERS);

    expect([first.status, same.status, second.status]).toEqual([201, 200, 200]);
    expect([first, same, second].map(({ headers }) => headers['ETag'])).toEqual(['"1"', '"1"', '"2"']);
    expect(first.headers['Location']).toBe('../job-types/numbers');
    expect(read.body).toMatchObject({ ...NUMBERS, description: 'More.', name: 'numbers', version: '2' });
    expect(read.body).toMatchObject({ deployed: false, createdBy: 'alice' });
    expect([deleted.status, gone.status, gone.body.code]).toEqual([204, 404, 'not-found']);
    expect(versions.body.map(({ version }: { version: string }) => version)).toEqual(['2', '1']);
    expect([third.status, third.body.version]).toEqual([201, '3']);
  });

  test('of ten PUTs at once makes ten versions, each once', async () => {
    const world = apiWorld();

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => put(world, 't', { mapping: '1', description: `${i}` })),
    );

    const versions = answers.map(({ body }) => Number(body.version)).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('has pages of versions', async () => {
    const world = apiWorld();
    for (const description of ['a', 'b', 'c']) await put(world, 't', { mapping: '1', description });

    const first = await world.call('GET', '/job-types/t/versions', { query: 'limit=2' });
    const next = /\?([^>]+)>/.exec(first.headers['Link'] ?? '')?.[1] ?? '';
    const second = await world.call('GET', '/job-types/t/versions', { query: next });

    expect(first.body.map(({ description }: JobTypeBody) => description)).toEqual(['c', 'b']);
    expect(second.body.map(({ description }: JobTypeBody) => description)).toEqual(['a']);
    expect(second.headers['Link']).toBeUndefined();
  });

  test('is listed by name, of every partition', async () => {
    const world = apiWorld();
    for (const name of ['b', 'ä b', 'a']) await put(world, name, { mapping: '1' });

    const { body } = await world.call('GET', '/job-types', {
      token: token({ partitions: ['p2'], role: 'viewer' }),
    });

    expect(body.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'ä b']);
    expect(body[0]).toEqual({ name: 'a', version: '1', description: '', deployed: false });
  });

  test('is changed by an admin only', async () => {
    const world = apiWorld();
    await put(world, 't', { mapping: '1' });
    const operator = token({ role: 'operator' });

    const changed = await world.call('PUT', '/job-types/t', { body: { mapping: '2' }, token: operator });
    const deleted = await world.call('DELETE', '/job-types/t', { token: operator });

    expect([changed.status, deleted.status]).toEqual([403, 403]);
    expect((await world.call('GET', '/job-types/t')).body.mapping).toBe('1');
  });

  test('is changed and deleted by If-Match only as it was seen, and read once by If-None-Match', async () => {
    const world = apiWorld();
    await put(world, 't', { mapping: '1' });
    const stale = { 'if-match': '"7"' };

    const changed = await put(world, 't', { mapping: '2' }, stale);
    const deleted = await world.call('DELETE', '/job-types/t', { token: ADMIN, headers: stale });
    const absent = await put(world, 'other', { mapping: '2' }, { 'if-match': '*' });
    const known = await world.call('GET', '/job-types/t', { headers: { 'if-none-match': '"1"' } });
    const fresh = await put(world, 't', { mapping: '2' }, { 'if-match': '"1"' });

    expect([changed.status, deleted.status, absent.status]).toEqual([412, 412, 412]);
    expect([known.status, fresh.status]).toEqual([304, 200]);
  });

  test.each([
    ['no mapping', {}, '/mapping', 'missing'],
    [
      'a mapping that is no JSONata',
      { mapping: '1 +\n  2 +* 3' },
      '/mapping',
      'position 12 (line 2, column 8)',
    ],
    ['a mapping of brackets', { mapping: '('.repeat(30_000) }, '/mapping', 'is not JSONata'],
    [
      'a schema that is none',
      { mapping: '1', parametersSchema: { type: 'x' } },
      '/parametersSchema/type',
      'must be one of',
    ],
    ['a configuration of numbers', { mapping: '1', configuration: { a: 1 } }, '/configuration/a', 'string'],
    ['a member that nobody knows', { mapping: '1', nope: 1 }, '/nope', 'is not known here'],
    ['a mapping that is too long', { mapping: ' '.repeat(40_000) }, '/mapping', '32768'],
  ])('with %s is refused by its place', async (_, body, pointer, words) => {
    const world = apiWorld();

    const answer = await put(world, 't', body as JobTypeBody);

    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([400, pointer]);
    expect(answer.body.errors[0].detail).toContain(words);
    expect([...world.table.rows()]).toEqual([]);
  });

  test('of more than 128 KiB is refused, and a name that is none', async () => {
    const world = apiWorld();

    const large = await put(world, 't', { mapping: '1', constants: { a: 'x'.repeat(140_000) } });
    const named = await put(world, 'a.b', { mapping: '1' });

    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
    expect([named.status, named.body.detail]).toEqual([400, expect.stringContaining('name of the job type')]);
  });
});

describe('a job of a type', () => {
  test('is split by what the mapping yields, while its request stays what was sent', async () => {
    const world = apiWorld();
    await put(world, 'numbers', NUMBERS);
    const sent = { name: 'n', type: 'numbers', parameters: { count: 7 } };

    const { status, body } = await world.call('PUT', J1, { body: sent });
    const request = await world.call('GET', `${J1}/request`);

    expect([status, body.type, body.typeVersion]).toEqual([201, 'numbers', '1']);
    expect((await world.call('GET', JOBS)).body[0]).toMatchObject({ type: 'numbers', typeVersion: '1' });
    expect(request.body).toEqual(sent);
    expect(
      await readBatch(world.table, world.objects, { partition: 'p1', job: 'j1', generation: 1 }),
    ).toMatchObject({
      splitter: 'range',
      definition: { from: 0, to: 7 },
      worker: 'rehearse',
    });
  });

  test('keeps a large batch too', async () => {
    const mapping = `{"batch": $merge([${batch('3')}, {"parameters": {"a": $pad("", 9000, "x")}, "worker": "second"}])}`;
    const { world, answer } = await created(mapping);

    const work = await readBatch(world.table, world.objects, { partition: 'p1', job: 'j1', generation: 1 });

    expect(answer.status).toBe(201);
    expect(work).toMatchObject({ parameters: { a: 'x'.repeat(9000) } });
    expect((await world.call('GET', `${J1}/request`)).body).toEqual({ type: 't' });
  });

  test('stays what it was when its type changes or goes', async () => {
    const world = apiWorld();
    await put(world, 'numbers', NUMBERS);
    const body = { type: 'numbers', parameters: { count: 7 } };
    await createdJob(world, 'j1', body);

    await put(world, 'numbers', { ...NUMBERS, mapping: '$error("no more")' });
    const changed = await world.call('PUT', J1, { body });
    await world.call('DELETE', '/job-types/numbers', { token: ADMIN });
    const gone = await world.call('PUT', J1, { body });

    expect([changed.status, gone.status]).toEqual([204, 204]);
    expect((await world.call('GET', J1)).body.typeVersion).toBe('1');
  });

  test('sees parameters, configuration, constants, partition and job', async () => {
    const mapping = `{"batch": ${batch('1')}, "labels": {"all": $string([parameters.a, configuration.b, constants.c, partitionId, jobId])}}`;
    const { answer } = await created(
      mapping,
      { parameters: { a: 'A' } },
      { parametersSchema: {}, configuration: { b: 'B' }, constants: { c: { d: 1 } } },
    );

    expect(answer.body.labels.all).toBe('["A","B",{"d":1},"p1","j1"]');
  });

  test('takes labels and priority of the mapping where it has none of its own', async () => {
    const mapping = `{"batch": ${batch('1')}, "priority": 7, "labels": {"a": "mapped", "b": "mapped"}}`;

    const plain = await created(mapping);
    const own = await created(mapping, { priority: 4, labels: { a: 'own' } });

    expect(plain.answer.body).toMatchObject({ priority: 7, labels: { a: 'mapped', b: 'mapped' } });
    expect(own.answer.body).toMatchObject({ priority: 4, labels: { a: 'own', b: 'mapped' } });
  });

  test.each([
    ['an unknown type', { type: 'nope' }, '/type', "no job type 'nope'; there are: numbers"],
    ['a missing parameter', { type: 'numbers' }, '/parameters/count', 'is missing'],
    ['a wrong one', { type: 'numbers', parameters: { count: 'x' } }, '/parameters/count', 'must be integer'],
    [
      'what the mapping refuses',
      { type: 'numbers', parameters: { count: 101 } },
      '/parameters',
      'at most 100 {{x}}',
    ],
    ['items', { type: 'numbers', parameters: { count: 1 }, items: [] }, '/items', 'belongs to template'],
  ])('with %s is refused by its place, and leaves nothing', async (_, body, pointer, words) => {
    const world = apiWorld();
    await put(world, 'numbers', NUMBERS);
    const before = [...world.table.rows()].length;

    const answer = await world.call('PUT', J1, { body });

    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
    expect(answer.body.errors[0].detail).toContain(words);
    expect([...world.table.rows()].length).toBe(before);
    expect(world.objects.keys()).toEqual([]);
  });

  test('has no parameters where its type has no schema', async () => {
    const { answer } = await created(`{"batch": ${batch('1')}}`, { parameters: {} });

    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/parameters']);
  });

  test.each([
    ['nothing', 'parameters.nope', 'yields nothing'],
    ['no object', '[1, 2]', 'expected object'],
    ['no work', '{"priority": 1}', 'exactly one of batch, template, task; got none'],
    ['two works', '{"batch": 1, "template": "t"}', 'batch'],
    ['an unknown template', '{"template": "t", "items": []}', "no template 't'"],
    ['a task that says nothing', '{"task": {}}', '/task/'],
    ['what is not known', `{"batch": ${batch('1')}, "name": "x"}`, '/name: is not known here'],
    ['a wrong definition', `{"batch": ${batch('"x"')}}`, '/batch/definition/to: must be integer'],
    [
      'an unknown worker',
      '{"batch": {"splitter": "range", "definition": {"from":0,"to":1}, "worker": "no"}}',
      "no worker 'no'",
    ],
    ['a function', '{"batch": function($x) {1}}', 'yields a function'],
    ['odd names', '{"__proto__": 1}', 'not allowed'],
    ['an error of its own', '$number("x")', 'position'],
    ['more than a body', '$pad("x", 2000000)', 'at most 1048576'],
    ['labels that are none', `{"batch": ${batch('1')}, "labels": {"a b": "x"}}`, 'label'],
  ])('whose mapping yields %s is refused with the reason, and leaves nothing', async (_, mapping, words) => {
    const { world, answer } = await created(mapping);

    expect([answer.status, answer.body.code]).toEqual([422, 'mapping-failed']);
    expect(answer.body.detail).toContain("job type 't' (version 1)");
    expect(answer.body.detail).toContain(words);
    expect(world.objects.keys()).toEqual([]);
    expect((await world.call('GET', J1)).status).toBe(404);
  });

  test.each([
    ['runs for ever', '($f := function($n) {$f($n + 1)}; $f(1))', /timeout|4 s/],
    ['calls itself for ever', '($f := function($n) {1 + $f($n)}; $f(1))', /Stack overflow/],
    ['makes too much', '[1..1000000]', /sequence length/],
    ['is stuck in one step', `"${'a'.repeat(42)}b" ~> $match(/^(a+)+$/)`, /longer than 4 s/],
    ['fills the memory', '$pad("x", 400000000)', /128 MiB|4 s/],
  ])('whose mapping %s is refused, and the next one is answered', async (_, mapping, words) => {
    const { world, answer } = await created(mapping);
    await put(world, 'numbers', NUMBERS);

    const next = await world.call('PUT', `${JOBS}/j2`, {
      body: { type: 'numbers', parameters: { count: 1 } },
    });

    expect([answer.status, answer.body.detail]).toEqual([422, expect.stringMatching(words)]);
    expect(next.status).toBe(201);
  });
});

describe('a deployed job type', () => {
  const [own] = deployedJobTypes({ aaa: NUMBERS });
  const world = () => apiWorld({ registry: { ...REGISTRY, jobTypes: own === undefined ? [] : [own] } });

  test('makes jobs, and is read like others', async () => {
    const api = world();

    const { status, body } = await api.call('PUT', J1, { body: { type: 'aaa', parameters: { count: 1 } } });

    const { body: type } = await api.call('GET', '/job-types/aaa');
    expect([status, body.typeVersion]).toEqual([201, type.version]);
    expect(type).toEqual({
      ...NUMBERS,
      name: 'aaa',
      deployed: true,
      version: expect.stringMatching(/^deployed-\w{12}$/),
    });
    expect((await api.call('GET', '/job-types/aaa/versions')).body).toEqual([type]);
    expect((await api.call('GET', '/job-types')).body).toHaveLength(1);
  });

  test('is not changed through the API, which says what to do', async () => {
    const api = world();

    const changed = await put(api, 'aaa', NUMBERS);
    const deleted = await api.call('DELETE', '/job-types/aaa', { token: ADMIN });

    expect([changed.status, deleted.status, changed.body.code]).toEqual([409, 409, 'read-only']);
    expect(changed.body.detail).toContain('deploy');
  });

  test('that could make no job is refused before it is deployed', () => {
    expect(() => deployedJobTypes({ 'a.b': NUMBERS })).toThrow("job type 'a.b'");
    expect(() => deployedJobTypes({ t: { mapping: '1 +' } })).toThrow(
      '/mapping: is not JSONata: at position 3',
    );
    expect(() => deployedJobTypes({ t: {} as JobTypeBody })).toThrow('/mapping');
    expect(() => deployedJobTypes({ 'extract-folder': NUMBERS })).toThrow('one that jobtree brings');
  });

  test('that ships takes what it says', () => {
    const shipped = deployedJobTypes({});

    expect(shipped.map(({ name }) => name)).toEqual(['extract-folder']);
    const check = compileSchema(shipped[0]?.parametersSchema ?? {});
    expect([check({ prefix: 'data/' }), check({}).length]).toEqual([[], 1]);
  });
});

import { describe, expect, test } from 'vitest';
import type { JobTypeBody } from '#contract/job-type.ts';
import { compileSchema } from '../../../functions/creation/json-schema.ts';
import { deployedJobTypes } from '../../../lib/deployed-job-types.ts';
import { ADMIN, J1, NUMBERS, putJobType } from './a-job-type.ts';
import { apiWorld, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

describe('a job type', () => {
  test('is created, changed, read and deleted; its versions stay', async () => {
    const world = apiWorld();

    const first = await putJobType(world, 'numbers', NUMBERS);
    const { mapping, ...others } = NUMBERS;
    const same = await putJobType(world, 'numbers', { mapping, ...others });
    const second = await putJobType(world, 'numbers', { ...NUMBERS, description: 'More.' });
    const read = await world.call('GET', '/job-types/numbers', { token: ADMIN });
    const deleted = await world.call('DELETE', '/job-types/numbers', { token: ADMIN });
    const gone = await world.call('GET', '/job-types/numbers');
    const versions = await world.call('GET', '/job-types/numbers/versions');
    const third = await putJobType(world, 'numbers', NUMBERS);

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
      Array.from({ length: 10 }, (_, i) => putJobType(world, 't', { mapping: '1', description: `${i}` })),
    );

    const versions = answers.map(({ body }) => Number(body.version)).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('has pages of versions', async () => {
    const world = apiWorld();
    for (const description of ['a', 'b', 'c']) await putJobType(world, 't', { mapping: '1', description });

    const first = await world.call('GET', '/job-types/t/versions', { query: 'limit=2' });
    const next = /\?([^>]+)>/.exec(first.headers['Link'] ?? '')?.[1] ?? '';
    const second = await world.call('GET', '/job-types/t/versions', { query: next });

    expect(first.body.map(({ description }: JobTypeBody) => description)).toEqual(['c', 'b']);
    expect(second.body.map(({ description }: JobTypeBody) => description)).toEqual(['a']);
    expect(second.headers['Link']).toBeUndefined();
  });

  test('is listed by name, of every partition', async () => {
    const world = apiWorld();
    for (const name of ['b', 'ä b', 'a']) await putJobType(world, name, { mapping: '1' });

    const { body } = await world.call('GET', '/job-types', {
      token: token({ partitions: ['p2'], role: 'viewer' }),
    });

    expect(body.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'ä b']);
    expect(body[0]).toEqual({
      name: 'a',
      version: '1',
      description: '',
      scope: 'global',
      deployed: false,
    });
  });

  test('is changed by an admin only', async () => {
    const world = apiWorld();
    await putJobType(world, 't', { mapping: '1' });
    const operator = token({ role: 'operator' });

    const changed = await world.call('PUT', '/job-types/t', { body: { mapping: '2' }, token: operator });
    const deleted = await world.call('DELETE', '/job-types/t', { token: operator });

    expect([changed.status, deleted.status]).toEqual([403, 403]);
    expect((await world.call('GET', '/job-types/t')).body.mapping).toBe('1');
  });

  test('is changed and deleted only if If-Match has its version, and read once by If-None-Match', async () => {
    const world = apiWorld();
    await putJobType(world, 't', { mapping: '1' });
    const stale = { 'if-match': '"7"' };

    const changed = await putJobType(world, 't', { mapping: '2' }, stale);
    const deleted = await world.call('DELETE', '/job-types/t', { token: ADMIN, headers: stale });
    const absent = await putJobType(world, 'other', { mapping: '2' }, { 'if-match': '*' });
    const known = await world.call('GET', '/job-types/t', { headers: { 'if-none-match': '"1"' } });
    const fresh = await putJobType(world, 't', { mapping: '2' }, { 'if-match': '"1"' });

    expect([changed.status, deleted.status, absent.status]).toEqual([412, 412, 412]);
    expect([known.status, fresh.status]).toEqual([304, 200]);
  });

  test.each([
    ['no mapping', {}, '/mapping', 'missing'],
    [
      'a mapping that is not JSONata',
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
    ['an unknown member', { mapping: '1', nope: 1 }, '/nope', 'is not known here'],
    ['a mapping that is too long', { mapping: ' '.repeat(40_000) }, '/mapping', '32768'],
  ])('with %s is refused with its location', async (_, body, pointer, words) => {
    const world = apiWorld();

    const answer = await putJobType(world, 't', body as JobTypeBody);

    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([400, pointer]);
    expect(answer.body.errors[0].detail).toContain(words);
    expect([...world.table.rows()]).toEqual([]);
  });

  test('of more than 128 KiB is refused, and a name that is none', async () => {
    const world = apiWorld();

    const large = await putJobType(world, 't', { mapping: '1', constants: { a: 'x'.repeat(140_000) } });
    const named = await putJobType(world, 'a.b', { mapping: '1' });

    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
    expect([named.status, named.body.detail]).toEqual([400, expect.stringContaining('name of the job type')]);
  });
});

describe('a deployed job type', () => {
  const ALL = { documents: true };
  const [own] = deployedJobTypes({ aaa: NUMBERS }, ALL);
  const world = () => apiWorld({ registry: { ...REGISTRY, jobTypes: own === undefined ? [] : [own] } });

  test('makes jobs, and is read like others', async () => {
    const api = world();

    const { status, body } = await api.call('PUT', J1, { body: { type: 'aaa', parameters: { count: 1 } } });

    const { body: type } = await api.call('GET', '/job-types/aaa', { token: ADMIN });
    expect([status, body.typeVersion]).toEqual([201, type.version]);
    expect(type).toEqual({
      ...NUMBERS,
      name: 'aaa',
      deployed: true,
      scope: 'global',
      version: expect.stringMatching(/^deployed-\w{12}$/),
    });
    expect((await api.call('GET', '/job-types/aaa/versions', { token: ADMIN })).body).toEqual([type]);
    expect((await api.call('GET', '/job-types')).body).toHaveLength(1);
  });

  test('is not changed through the API, which explains what to do', async () => {
    const api = world();

    const changed = await putJobType(api, 'aaa', NUMBERS);
    const deleted = await api.call('DELETE', '/job-types/aaa', { token: ADMIN });

    expect([changed.status, deleted.status, changed.body.code]).toEqual([409, 409, 'read-only']);
    expect(changed.body.detail).toContain('deploy');
  });

  test('that could make no job is refused before it is deployed', () => {
    expect(() => deployedJobTypes({ 'a.b': NUMBERS }, ALL)).toThrow("job type 'a.b'");
    expect(() => deployedJobTypes({ t: { mapping: '1 +' } }, ALL)).toThrow(
      '/mapping: is not JSONata: at position 3',
    );
    expect(() => deployedJobTypes({ t: {} as JobTypeBody }, ALL)).toThrow('/mapping');
    expect(() => deployedJobTypes({ 'extract-folder': NUMBERS }, ALL)).toThrow('is included in jobtree');
  });

  test('that ships accepts its documented parameters', () => {
    const shipped = deployedJobTypes({}, ALL);

    expect(shipped.map(({ name }) => name)).toEqual(['extract-folder']);
    const check = compileSchema(shipped[0]?.parametersSchema ?? {});
    expect([check({ prefix: 'data/' }), check({}).length]).toEqual([[], 1]);
  });
});

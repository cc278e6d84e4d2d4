import { describe, expect, test } from 'vitest';
import { apiWorld, BODY, eventOf, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const J1 = `${JOBS}/j1`;

function put(body: unknown, more: object = {}) {
  return apiWorld().call('PUT', J1, { body, ...more });
}

describe('a body', () => {
  test.each(['application/json; charset=utf-8', 'application/json', 'text/plain', undefined])(
    'of type %s is read as JSON, in base64 too',
    async (type) => {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      for (const base64 of [false, true]) expect((await put(BODY, { headers, base64 })).status).toBe(201);
    },
  );

  const refused: [string, string, string][] = [
    ['is missing', '', ''],
    ['is not JSON', '{"a":', ''],
    ['is a list', '[]', ''],
    ['is null', 'null', ''],
    ['has an unknown member', '{"nope": 1}', '/nope'],
    ['has an unknown member further in', '{"batch": {"splitter": "range", "nope": 1}}', '/batch/nope'],
    ['gives a member twice', '{"name": "a", "n\\u0061me": "b"}', '/name'],
    [
      'gives a member twice in a list',
      '{"batch": {"pipeline": [1, {"a": [], "a": {}}]}}',
      '/batch/pipeline/1/a',
    ],
    ['has a member __proto__', '{"labels": {"__proto__": "x"}}', '/labels/__proto__'],
    [
      'has a member constructor',
      '{"batch": {"definition": {"constructor": 1}}}',
      '/batch/definition/constructor',
    ],
    ['holds half a surrogate pair', '{"name": "\\ud800"}', '/name'],
    [
      'holds a number beyond all numbers',
      '{"batch": {"definition": {"to": -1e999}}}',
      '/batch/definition/to',
    ],
    [
      'holds an integer that would lose digits',
      '{"batch": {"definition": [0, 9007199254740993]}}',
      '/batch/definition/1',
    ],
  ];
  test.each(refused)('that %s is refused with its place', async (_, text, pointer) => {
    const { status, body } = await put(text);

    expect([status, body.code]).toEqual([400, 'invalid-request']);
    const pointers = (body.errors ?? [{ pointer: '' }]).map((error: { pointer: string }) => error.pointer);
    expect(pointers).toContain(pointer);
  });

  test('may be nested 32 levels deep, and not 33', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

    const { body: deepest } = await put(`{"batch": {"definition": ${nested(30)}}}`);
    const { status, body } = await put(`{"batch": {"definition": ${nested(31)}}}`);

    expect(deepest.detail).not.toContain('nested');
    expect([status, body.errors[0].pointer]).toEqual([400, `/batch/definition${'/0'.repeat(30)}`]);
    expect((await put(nested(500_000))).status).toBe(400);
  });

  test('may have 1 MiB, and not one byte more', async () => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ ...BODY, externalData: '' });
      return JSON.stringify({ ...BODY, externalData: 'x'.repeat(bytes - empty.length) });
    };

    const full = await put(sized(1024 * 1024));
    const over = await put(sized(1024 * 1024 + 1));
    const overInBase64 = await put(sized(1024 * 1024 + 1), { base64: true });

    expect([full.status, full.body.errors[0].pointer]).toEqual([400, '/externalData']);
    for (const { status, body } of [over, overInBase64]) {
      expect([status, body.code]).toEqual([413, 'too-large']);
      expect(body.detail).toContain('at most 1048576');
    }
  });

  test('in base64 that is not UTF-8 is refused', async () => {
    const event = {
      ...eventOf('PUT', J1, { base64: true }),
      body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'),
    };

    const { status, body } = await apiWorld().send(event);

    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '', detail: 'is not valid UTF-8 at byte 1' }] });
  });

  test('with a thousand faults returns the first fifty', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => [`n${i}`, 1]);

    const { body } = await put({ ...BODY, ...Object.fromEntries(names) });

    expect(body.errors).toHaveLength(50);
    expect(body.detail).toContain('and 997 more');
  });

  test('with a very long member name gets a short response', async () => {
    const { status, text } = await put(`{"${'n'.repeat(900_000)}": 1}`);

    expect(status).toBe(400);
    expect(text.length).toBeLessThan(5_000);
  });
});

describe('an id in the path', () => {
  const encode = (id: string) => `${JOBS}/${encodeURIComponent(id)}`;

  test.each([
    '.',
    ',',
    ':',
    ';',
    '*',
    '?',
    '!',
    '|',
    '(',
    ')',
    '/',
    '\u0000',
    '\u001f',
    '\u007f',
    '\u0085',
    '\ufffd',
  ])('with %j is refused', async (character) => {
    const { status, body } = await apiWorld().call('GET', encode(`a${character}b`));

    expect([status, body.errors[0].parameter]).toEqual([400, 'j']);
  });

  test('has 48 characters at most, a partition 40', async () => {
    const world = apiWorld();
    const all = token({ partitions: ['*'] });
    const list = (partition: string) => world.call('GET', `/partitions/${partition}/jobs`, { token: all });

    expect((await world.call('GET', encode('x'.repeat(48)))).status).toBe(404);
    expect((await world.call('GET', encode('x'.repeat(49)))).status).toBe(400);
    expect((await list('x'.repeat(40))).status).toBe(200);
    expect((await list('x'.repeat(41))).status).toBe(400);
  });

  test.each(['%', '%4', '%zz', '%ff', '%ed%a0%80', 'a%c3'])('encoded as %s is refused', async (encoded) => {
    const { status, body } = await apiWorld().call('GET', `${JOBS}/${encoded}`);

    expect([status, body.detail]).toEqual([400, `'${encoded}' in the path is not percent-encoded UTF-8`]);
  });

  test('is decoded once: %2541 is the id %41', async () => {
    const world = apiWorld();

    const { body } = await world.call('PUT', `${JOBS}/%2541`, { body: BODY });

    expect(body.id).toBe('%41');
    expect((await world.call('GET', `${JOBS}/%41`)).status).toBe(404);
  });
});

describe('a route', () => {
  test('lists its methods in a 405', async () => {
    const methods = 'PUT, GET, PATCH, DELETE';
    for (const method of ['POST', 'HEAD', 'OPTIONS', 'BREW']) {
      const { status, headers, body } = await apiWorld().call(method, J1);
      expect([status, body.code, headers['Allow']]).toEqual([405, 'method-not-allowed', methods]);
    }
    expect((await apiWorld().call('POST', '/health', { token: null })).headers['Allow']).toBe('GET');
  });

  test('that does not exist is a 404, with a token or without', async () => {
    for (const path of ['/', '/nope', '/partitions', '/partitions/p1/nope', `${J1}/nope`, '//']) {
      for (const sent of [null, token()]) {
        const { status, body } = await apiWorld().call('GET', path, { token: sent });
        expect([path, status, body.code]).toEqual([path, 404, 'not-found']);
      }
    }
  });

  test('is found by the path alone when the gateway has one resource for all', async () => {
    const event = { ...eventOf('GET', `${JOBS}/`), resource: '/{route+}', pathParameters: { route: 'x' } };

    expect((await apiWorld().send(event)).status).toBe(200);
  });

  test('is found behind the base path of a custom domain', async () => {
    const event = { ...eventOf('GET', `/caf${JOBS}`), path: `/base/caf${JOBS}` };

    expect((await apiWorld().send(event)).status).toBe(200);
  });

  test('leads to a new job from an address with a slash at its end too', async () => {
    const event = { ...eventOf('POST', JOBS, { body: BODY }), path: `${JOBS}/` };

    const { headers, body } = await apiWorld().send(event);

    const location = new URL(headers['Location'] ?? '', `https://host.test/v1${JOBS}/`);
    expect(location.pathname).toBe(`/v1${JOBS}/${body.id}`);
  });

  test('refuses every query parameter if it has none', async () => {
    const { status, body } = await apiWorld().call('GET', J1, { query: 'verbose=1' });

    expect([status, body.errors]).toEqual([
      400,
      [{ parameter: 'verbose', detail: expect.stringMatching(/^is not known here/) }],
    ]);
  });

  test('responds with JSON for every Accept header', async () => {
    for (const accept of ['text/html', 'application/xml;q=1', '', 'nonsense']) {
      const { status, headers } = await apiWorld().call('GET', JOBS, { headers: { accept } });
      expect([status, headers['Content-Type']]).toEqual([200, 'application/json']);
    }
  });

  test('lists the deployed workers and splitters', async () => {
    const world = apiWorld();

    expect((await world.call('GET', '/splitters')).body).toMatchObject([{ name: 'range', definition: {} }]);
    const workers = (await world.call('GET', '/workers')).body;
    expect(workers.map(({ name }: { name: string }) => name)).toEqual(['rehearse', 'second']);
    expect((await world.call('GET', '/health')).body).toEqual({ status: 'ok', version: '1.2.3' });
    expect((await world.call('GET', '/openapi.json')).body.openapi).toBe('3.1.0');
  });
});

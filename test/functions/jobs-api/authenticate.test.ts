import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { type ApiWorld, apiWorld, BODY, createdJob, eventOf, JOBS } from './api-world.ts';
import { AUDIENCE, confusedToken, ISSUERS, otherAlgorithmToken, token, unsignedToken } from './tokens.ts';

const J1 = `${JOBS}/j1`;
const past = Math.floor(Date.now() / 1000) - 1;

describe('a request without a good token', () => {
  const refused: [string, string | null][] = [
    ['none', null],
    ['an empty one', ''],
    ['garbage', 'abc'],
    ['three parts of garbage', 'a.b.c'],
    ['one without a signature', unsignedToken()],
    ['one signed by HMAC with the public key', confusedToken()],
    ['one with another algorithm of the same key', otherAlgorithmToken()],
    [
      'one whose claims were changed',
      token().replace(/\.[^.]+\./, `.${token({ role: 'admin' }).split('.')[1]}.`),
    ],
    ['one that has expired', token({ exp: past })],
    ['one that never expires', token({ exp: undefined })],
    ['one for another audience', token({ aud: 'other' })],
    ['one without an audience', token({ aud: undefined })],
    ['one of another issuer', token({ iss: 'https://other.test' })],
    ['one that is not valid yet', token({ nbf: past + 1000 })],
    ['one without a subject', token({ sub: undefined })],
    ['one without partitions', token({ partitions: undefined })],
    ['one with a text as partitions', token({ partitions: 'p1' })],
    ['one with an unknown role', token({ role: 'owner' })],
    ['one that is very long', token({ more: 'x'.repeat(9_000) })],
  ];
  test.each(refused)('is refused: %s', async (_, sent) => {
    const { status, headers, body } = await apiWorld().call('GET', J1, { token: sent });

    expect([status, body.code]).toEqual([401, 'unauthorized']);
    expect(headers['WWW-Authenticate']).toMatch(/^Bearer realm="jobtree"/);
  });

  test.each(['Basic abc', 'Bearer', token(), `Bearer ${token()}, Bearer ${token()}`])(
    'is refused with the header %.12s',
    async (authorization) => {
      const world = apiWorld();

      expect((await world.call('GET', J1, { token: null, headers: { authorization } })).status).toBe(401);
    },
  );

  test('is refused on every route but the open ones', async () => {
    for (const { method, path, role, operation } of ALL_ROUTES) {
      const real = path.replace('{p}', 'p1').replace('{j}', 'j1').replace('{t}', 't1');
      const { status } = await apiWorld().call(method, real, { token: null });
      expect([operation, status]).toEqual([operation, role === 'open' ? 200 : 401]);
    }
  });

  test('is refused by a deployment without issuers', async () => {
    const world = apiWorld({ issuers: [] });

    expect((await world.call('GET', JOBS)).status).toBe(401);
    expect((await world.call('GET', '/health')).status).toBe(200);
  });
});

describe('a good token', () => {
  test.each(['ES256', 'RS256'] as const)('of %s is accepted, in a header of any case', async (alg) => {
    const headers = { AUTHORIZATION: `bearer ${token({}, alg)}` };

    expect((await apiWorld().call('GET', JOBS, { token: null, headers })).status).toBe(200);
  });

  test('is found in single headers as well as in those of several values', async () => {
    const headers = { AuthoriZation: `Bearer ${token()}` };
    const event = eventOf('GET', JOBS, { token: null });

    for (const more of [
      { headers, multiValueHeaders: {} },
      { multiValueHeaders: { AUTHORIZATION: [headers.AuthoriZation] } },
    ]) {
      expect((await apiWorld().send({ ...event, ...more })).status).toBe(200);
    }
  });

  test('of one of several issuers is checked with the keys of that one', async () => {
    const [one] = ISSUERS;
    if (one === undefined) throw new Error('no issuer');
    const other = { ...one, issuer: 'local, and no address' };
    const world = apiWorld({ issuers: [other, { ...one, audience: AUDIENCE }] });

    expect((await world.call('GET', JOBS)).status).toBe(200);
    expect((await world.call('GET', JOBS, { token: token({ iss: other.issuer }) })).status).toBe(200);
    expect((await world.call('GET', JOBS, { token: token({ iss: 'third' }) })).status).toBe(401);
  });
});

describe('partitions', () => {
  test('a foreign job looks exactly like a missing one', async () => {
    const world = apiWorld();
    await createdJob(world);
    const foreign = token({ partitions: ['p2'] });
    const forget = ({ instance: _i, ...body }: { instance: string }) => body;

    for (const [method, below] of [
      ['GET', ''],
      ['GET', '/items'],
      ['DELETE', ''],
      ['POST', '/cancel'],
    ] as const) {
      const one = await world.call(method, `${J1}${below}`, { token: foreign });
      const missing = await world.call(method, `${JOBS}/j2${below}`);
      expect([one.status, missing.status]).toEqual([404, 404]);
      expect(forget(one.body)).toEqual(
        JSON.parse(JSON.stringify(forget(missing.body)).replaceAll('j2', 'j1')),
      );
      expect(one.headers).toEqual(missing.headers);
    }
    expect((await world.call('GET', J1)).body.status).toBe('Waiting');
  });

  test('a foreign partition takes no job and shows none', async () => {
    const world = apiWorld();
    const foreign = token({ partitions: ['p2'] });

    const put = await world.call('PUT', J1, { body: BODY, token: foreign });
    const list = await world.call('GET', JOBS, { token: foreign });

    expect([put.status, list.status]).toEqual([404, 404]);
    expect([...world.table.rows()]).toEqual([]);
  });

  test('the star means all partitions, and only without other names', async () => {
    const world = apiWorld();

    expect((await world.call('GET', JOBS, { token: token({ partitions: ['*'] }) })).status).toBe(200);
    expect((await world.call('GET', JOBS, { token: token({ partitions: ['p*'] }) })).status).toBe(404);
  });
});

// Which role reaches which route: role-matrix.test.ts.
describe('roles', () => {
  test('a viewer who cancels changes nothing', async () => {
    const world: ApiWorld = apiWorld();
    await createdJob(world);

    const { status, body } = await world.call('POST', `${J1}/cancel`, { token: token({ role: 'viewer' }) });

    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(body.detail).toBe('cancelJob requires the role operator; the token has viewer');
    expect((await world.call('GET', `${J1}/status`)).body).toBe('Waiting');
  });
});

describe('the log', () => {
  test('logs a request without its token, query or body', async () => {
    const world = apiWorld();
    const secret = token();
    const headers = { traceparent: '00-abc-def-01', 'CAF-Correlation-Id': 'c1' };
    await world.call('PUT', J1, { body: { name: 'canary', ...BODY }, token: secret, headers });
    await world.call('GET', JOBS, { query: 'jobIdStartsWith=canary', token: secret });

    const text = JSON.stringify(world.log.records);

    expect(text).not.toContain('canary');
    expect(text).not.toContain(secret.split('.')[2]);
    const correlated = {
      operation: 'putJob',
      job: 'j1',
      status: 201,
      traceparent: '00-abc-def-01',
      correlationId: 'c1',
    };
    expect(world.log.records[0]).toMatchObject({ message: 'request answered', fields: correlated });
  });
});

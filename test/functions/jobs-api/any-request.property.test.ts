import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { METHODS } from '#contract/route.ts';
import type { ApiEvent } from '../../../functions/jobs-api/exchange.ts';
import { outcomeKey } from '../../../functions/store/keys.ts';
import { type Answer, type ApiWorld, apiWorld, BODY, eventOf, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const RUNS = 2_000;

const TOKENS = [
  token({ partitions: ['*'], role: 'admin' }),
  token({ partitions: ['*'], role: 'admin' }),
  token({ partitions: ['*'], role: 'admin' }),
  token({ partitions: ['*'], role: 'admin' }),
  token({ role: 'viewer' }),
  token({ partitions: ['p2'] }),
  'garbage',
  null,
];

/** Any text, half surrogate pairs too. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    ' ',
    '%',
    '%zz',
    '%ff',
    '%2541',
    '__proto__',
    'constructor',
    'j1',
    'p1',
    '../..',
    '\u0000',
    '\ud800',
  ),
);

const encoded = anyText.map((text) => encodeURIComponent(text.toWellFormed()));
const WITH_BODY = ALL_ROUTES.filter(({ method }) => method !== 'GET');
const segment = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('p1', 'j1') }, encoded, anyText);
const route = fc
  .tuple(fc.oneof(fc.constantFrom(...ALL_ROUTES), fc.constantFrom(...WITH_BODY)), segment, segment)
  .map(([{ method, path }, p, j]) => ({
    method,
    path: path
      .replace('{p}', () => p)
      .replace('{j}', () => j)
      .replace('{name}', () => j),
  }));
/** Mostly what there is, else any method with any path. */
const target = fc.oneof(
  { weight: 8, arbitrary: route },
  fc.record({
    method: fc.oneof(fc.constantFrom(...METHODS), anyText),
    path: fc.oneof(
      route.map(({ path }) => path),
      anyText,
    ),
  }),
);

const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  fc.dictionary(
    fc.oneof(
      fc.constantFrom('limit', 'cursor', 'status', 'statusType', 'outcome', 'parts', 'jobIdStartsWith'),
      anyText,
    ),
    fc.array(
      fc.oneof(anyText, fc.constantFrom('1', '1e3', '-1', 'Active', 'failed', 'All', 'a.b', 'e30.e30')),
      { maxLength: 3 },
    ),
    { maxKeys: 3 },
  ),
);

const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom('if-match', 'If-None-Match', 'accept', 'idempotency-key', 'content-type', 'traceparent'),
    anyText,
  ),
  fc.oneof(
    anyText,
    fc.constantFrom('*', '"1.0"', 'W/"1"', '"99999999999999999999"', 'application/x-ndjson', 'k1'),
  ),
  { maxKeys: 3 },
);

const oddNumber = fc
  .constantFrom('1e999', '-0', '9007199254740993', '1E400', '0.1e-400', '-1', '3.5')
  .map((n) => `{"priority":${n}}`);
const nested = fc
  .integer({ min: 1, max: 2_000 })
  .map((depth) => `${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`);

const validBody = fc.record(
  {
    name: fc.string({ unit: 'grapheme', maxLength: 40 }),
    description: fc.string({ maxLength: 100 }),
    // A prefix, since fast-check likes names that are not allowed.
    labels: fc.dictionary(fc.stringMatching(/^l[a-z0-9_:-]{0,20}$/), fc.string({ maxLength: 20 })),
    externalData: fc.string({ maxLength: 6_000 }),
    priority: fc.integer({ min: 0, max: 9 }),
    prerequisiteJobIds: fc.constantFrom([], [null, ' ']),
    delay: fc.constant(0),
    hold: fc.constant(false),
    expiry: fc.constant({}),
    batch: fc.record(
      {
        splitter: fc.constant('range'),
        definition: fc.record({ from: fc.integer(), to: fc.integer() }),
        worker: fc.constantFrom('rehearse', 'second'),
        itemsPerTask: fc.integer({ min: 1, max: 1000 }),
        maxAttempts: fc.integer({ min: 1, max: 10 }),
        pipeline: fc.array(fc.constant('second'), { maxLength: 10 }),
        onItemFailure: fc.constantFrom(
          'continue',
          'failFast',
          { tolerate: { count: 1 } },
          { tolerate: { percent: 2.5 } },
        ),
        outcomes: fc.constantFrom('all', 'failures'),
      },
      { requiredKeys: ['splitter', 'definition', 'worker'] },
    ),
  },
  { requiredKeys: ['batch'] },
);

/** A valid body with one member, somewhere, replaced by anything. */
const mutatedBody = fc
  .tuple(validBody, fc.nat(), fc.oneof(fc.jsonValue(), anyText, fc.double()))
  .map(([body, at, value]) => {
    const copy: Record<string, unknown> = structuredClone(body);
    const target = at % 2 === 0 ? copy : (copy['batch'] as Record<string, unknown>);
    const names = [...Object.keys(target), 'task', 'type', 'hold', 'delay', 'nope'];
    target[names[at % names.length] ?? 'x'] = value;
    return JSON.stringify(copy);
  });

const body = fc.oneof(
  { weight: 3, arbitrary: mutatedBody },
  { weight: 3, arbitrary: validBody.map((valid) => JSON.stringify(valid)) },
  fc.json(),
  anyText,
  nested,
  oddNumber,
  fc.constant(null),
);

const anyEvent = fc
  .record({
    target,
    query,
    headers,
    body,
    base64: fc.constantFrom('no', 'no', 'encoded', 'claimed'),
    token: fc.constantFrom(...TOKENS),
    isDecoded: fc.boolean(),
    blank: fc.constantFrom(
      'nothing',
      'nothing',
      'pathParameters',
      'resource',
      'multiValueHeaders',
      'requestContext',
    ),
  })
  .map((drawn): ApiEvent => {
    const event = eventOf(drawn.target.method, drawn.target.path, {
      token: drawn.token,
      headers: drawn.headers,
    });
    return {
      ...event,
      ...(drawn.isDecoded ? { version: '1.0' } : {}),
      multiValueQueryStringParameters: drawn.query,
      body: drawn.base64 === 'encoded' ? Buffer.from(drawn.body ?? '').toString('base64') : drawn.body,
      isBase64Encoded: drawn.base64 !== 'no',
      ...(drawn.blank === 'nothing'
        ? {}
        : { [drawn.blank]: drawn.blank === 'resource' ? '/{route+}' : null }),
    };
  });

function expectProblem({ status, headers, body: problem }: Answer): void {
  expect(headers['Content-Type']).toBe('application/problem+json');
  const text = expect.any(String);
  const members = {
    type: text,
    title: text,
    status,
    detail: text,
    code: text,
    instance: text,
    requestId: text,
  };
  expect(problem).toMatchObject({ ...members, message: problem.detail });
}

/** The job `j1` with some outcomes, whether it stands there already or not. */
async function populate(world: ApiWorld): Promise<void> {
  const { body: job } = await world.call('PUT', `${JOBS}/j1`, { body: BODY });
  const run = { partition: 'p1', job: 'j1', generation: job?.generation ?? 1 };
  const line = JSON.stringify({ id: '1', path: '', outcome: 'failed', attempts: 1 });
  for (let i = 0; i < 3; i += 1) await world.objects.put(outcomeKey(run, '', i), `${line}\n${line}\n`);
}

describe('any request at all', () => {
  test(`of ${RUNS} is answered, and refused as a problem if it is refused`, async () => {
    const world = apiWorld();
    await populate(world);
    const seen = new Map<number, number>();

    const property = fc.asyncProperty(anyEvent, async (event) => {
      const answer = await world.send(event);
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(500);
      if (answer.status >= 400) expectProblem(answer);
      if (event.httpMethod === 'DELETE' && answer.status === 204) await populate(world);
    });
    await fc.assert(property, { numRuns: RUNS });

    // What is generated must reach behind the checks, not only their outer wall.
    for (const status of [200, 201, 204, 400, 401, 404, 405]) expect([...seen.keys()]).toContain(status);
  });

  test('with a valid body creates a job that keeps it, whatever its id', async () => {
    const world = apiWorld();
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const allowed = id.filter((text) => !/[.,:;*?!|()/\p{Cc}\p{Cs}\ufffd]/u.test(text) && text.length <= 40);
    let count = 0;

    const property = fc.asyncProperty(allowed, validBody, async (name, sent) => {
      count += 1;
      const job = `${JOBS}/${encodeURIComponent(name)}-${count}`;
      const created = await world.call('PUT', job, { body: sent });
      expect([created.status, created.text]).toEqual([201, expect.any(String)]);
      expect((await world.call('GET', `${job}/request`)).body).toEqual(JSON.parse(JSON.stringify(sent)));
      expect((await world.call('PUT', job, { body: reordered(sent) })).status).toBe(204);
      expect((await world.call('PUT', job, { body: { ...sent, description: 'another one' } })).status).toBe(
        409,
      );
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

/** The same value, its members the other way round. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reordered(member)]),
  );
}

test('the example body of these tests is valid', async () => {
  expect((await apiWorld().call('PUT', `${JOBS}/j1`, { body: BODY })).status).toBe(201);
});

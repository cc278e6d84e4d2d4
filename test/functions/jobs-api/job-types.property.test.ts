import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { apiWorld, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const ADMIN = token({ role: 'admin', partitions: ['*'] });
const RUNS = 300;

/** Mappings from the pieces of the language, most of which make no sense together. */
const leaf = fc.constantFrom(
  'parameters',
  'parameters.a',
  '$',
  '1',
  '"x"',
  'null',
  'constants.*',
  '**',
  'jobId',
  '[1..3]',
  '{}',
  '[]',
  '$error("no")',
  '$now()',
  '$sum',
  'function($x) {$x}',
  '/a+/',
  '{"batch": {"splitter": "range", "definition": {"from": 0, "to": 1}, "worker": "rehearse"}}',
  '{"batch": parameters}',
);
const { mapping: expression } = fc.letrec((tie) => ({
  mapping: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    fc
      .tuple(tie('mapping'), fc.constantFrom('&', '+', '.', '~>', '=', ' in ', ' ?: ', '..'), tie('mapping'))
      .map((parts) => parts.join('')),
    fc
      .tuple(
        fc.constantFrom('$merge', '$string', '$keys', '$map', '$eval', '$each', '$lookup', '$nope'),
        tie('mapping'),
      )
      .map(([name, inner]) => `${name}(${inner})`),
    fc
      .tuple(fc.constantFrom('batch', 'task', 'labels', 'priority', '__proto__'), tie('mapping'))
      .map(([name, inner]) => `{"${name}": ${inner}}`),
    tie('mapping').map((inner) => `(${inner})`),
  ),
})) as { mapping: fc.Arbitrary<string> };
const mapping = fc.oneof(
  { weight: 6, arbitrary: expression },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
);

const schemaWord = fc.constantFrom(
  'string',
  'object',
  1,
  true,
  ['a'],
  { a: {} },
  { type: 'integer' },
  [{}],
  '#',
);
const parametersSchema = fc.dictionary(
  fc.constantFrom(
    'type',
    'properties',
    'required',
    'if',
    'then',
    'not',
    'const',
    'items',
    '$ref',
    'anyOf',
    'pattern',
  ),
  schemaWord,
  { maxKeys: 3 },
);
const jobType = fc.record(
  {
    mapping,
    parametersSchema: fc.oneof(fc.constant({}), parametersSchema),
    constants: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 }),
    configuration: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3 }),
  },
  { requiredKeys: ['mapping'] },
);
const parameters = fc.oneof(
  fc.jsonValue(),
  fc.constant({ splitter: 'range', definition: { from: 0, to: 1 }, worker: 'second' }),
);

describe('any job type with any parameters', () => {
  test(`of ${RUNS} is refused, or makes a job that keeps its request, or says what is wrong`, async () => {
    const world = apiWorld();
    const seen = new Map<number, number>();
    let count = 0;

    const property = fc.asyncProperty(
      jobType,
      fc.option(parameters, { nil: undefined }),
      async (type, given) => {
        count += 1;
        const put = await world.call('PUT', `/job-types/t${count}`, { body: type, token: ADMIN });
        expect([200, 201, 400]).toContain(put.status);
        const sent = {
          type: put.status === 400 ? 't' : `t${count}`,
          ...omitUndefined({ parameters: given }),
        };
        const job = await world.call('PUT', `${JOBS}/j${count}`, { body: sent });
        seen.set(job.status, (seen.get(job.status) ?? 0) + 1);
        expect([201, 400, 422]).toContain(job.status);
        const request = await world.call('GET', `${JOBS}/j${count}/request`);
        if (job.status === 201) expect(request.body).toEqual(JSON.parse(JSON.stringify(sent)));
        else expect(request.status).toBe(404);
      },
    );
    await fc.assert(property, { numRuns: RUNS });

    // The generated requests must result in each status.
    expect([...seen.keys()].sort()).toEqual([201, 400, 422]);
  });
});

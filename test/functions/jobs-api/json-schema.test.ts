import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchema, schemaFaults } from '../../../functions/creation/json-schema.ts';

const told = (schema: Record<string, unknown>, value: unknown) =>
  compileSchema(schema)(value).map(({ path, detail }) => `/${path.join('/')} ${detail}`);

describe('a value against a schema', () => {
  const object = { type: 'object', properties: { a: { type: 'integer' } } };
  test.each([
    ['a missing member', { required: ['a'] }, {}, '/a is missing'],
    ['an unknown member', { ...object, additionalProperties: false }, { 'b/~': 1 }, '/b/~ is not known here'],
    ['a left-over member', { ...object, unevaluatedProperties: false }, { b: 1 }, '/b is not known here'],
    ['a wrong type', object, { a: 'x' }, '/a must be integer; got "x"'],
    ['several types', { type: ['string', 'null'] }, 1, '/ must be string or null; got 1'],
    [
      'a long text',
      { maxLength: 9 },
      'x'.repeat(99),
      `/ must NOT have more than 9 characters; got "${'x'.repeat(59)}…`,
    ],
    ['a list', { type: 'null' }, [1, 2], '/ must be null; got a list of 2'],
    ['a name', { propertyNames: { pattern: '^x' } }, { b: 1 }, '/b must match pattern "^x"'],
    ['an object const', { const: { a: 1 } }, { a: 2 }, '/ must be {"a":1}; got an object'],
    ['an object enum', { enum: [{ a: 1 }, 2] }, { a: 2 }, '/ must be one of {"a":1}, 2; got an object'],
    ['not', { not: { required: ['a'] } }, { a: 2 }, '/ must NOT be valid'],
    ['a false schema', { properties: { a: false } }, { a: 2 }, '/a is not allowed here'],
    [
      'what depends',
      { dependentRequired: { a: ['b'] } },
      { a: 2 },
      '/b is missing; it is required together with a',
    ],
    [
      'a condition',
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      { if: { required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } },
      { a: 1 },
      '/b is missing',
    ],
    [
      'forms',
      { anyOf: [{ type: 'string' }, { type: 'object', required: ['x'] }] },
      {},
      '/ matches none of the allowed forms (must be string | x: is missing)',
    ],
    [
      'two forms at once',
      { oneOf: [{ minimum: 1 }, { minimum: 2 }] },
      3,
      '/ matches more than one of the allowed forms',
    ],
  ])('names %s by its location', (_, schema, value, words) => {
    expect(told(schema, value)).toContain(words);
    expect(told(schema, value)).toHaveLength(1);
  });

  test('ignores unknown formats and keywords', () => {
    expect(told({ format: 'iban', 'x-shown': true, type: 'string' }, 'x')).toEqual([]);
  });

  test('reports all its faults if it is small, and the first if it is large', () => {
    const schema = { items: { type: 'string' } };

    expect(told(schema, Array(40).fill(1))).toHaveLength(40);
    expect(told(schema, Array(100_000).fill(1))).toHaveLength(1);
  });
});

describe('a schema', () => {
  test.each([
    [{ type: 'thing' }, 'type', 'must be one of'],
    [{ properties: { a: { minimum: 'x' } } }, 'properties/a/minimum', 'must be number'],
    [{ $ref: 'https://schemas.test/elsewhere' }, '', "can't resolve reference"],
    [{ pattern: '(' }, '', 'Unterminated group'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema', 'leave it out'],
    [{ $schema: 7 }, '$schema', 'leave it out'],
  ])('%j is refused with its location', (schema, path, words) => {
    const [fault] = schemaFaults(schema);

    expect(fault?.path.join('/')).toBe(path);
    expect(fault?.detail).toContain(words);
  });

  test('of the dialect itself is accepted, with its own definitions', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://schemas.test/tree',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
      $ref: '#/$defs/node',
    };

    expect(schemaFaults(schema)).toEqual([]);
    expect(told(schema, { next: { next: 3 } })).toEqual(['/next/next must be object; got 3']);
    expect(told(schema, { next: {} })).toEqual([]);
  });

  test('with an endless reference to itself fails with an error', () => {
    expect(told({ $ref: '#' }, [])).toEqual([expect.stringContaining('without end')]);
  });

  test('of any form is either refused or checks any value', () => {
    const word = fc.constantFrom(
      'type',
      'properties',
      'items',
      'if',
      'then',
      'not',
      'enum',
      'const',
      '$ref',
      '$id',
      'pattern',
      'required',
      'anyOf',
    );
    const schema = fc.dictionary(
      word,
      fc.oneof(fc.jsonValue(), fc.constantFrom('string', '#', ['a'], { a: {} }, [{}])),
      {
        maxKeys: 4,
      },
    );

    fc.assert(
      fc.property(schema, fc.jsonValue(), (drawn, value) => {
        if (schemaFaults(drawn).length === 0) expect(Array.isArray(compileSchema(drawn)(value))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

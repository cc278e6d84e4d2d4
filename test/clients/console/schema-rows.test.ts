import { expect, test } from 'vitest';
import { schemaGroups } from '../../../clients/console/parts/schema-rows.ts';

const rows = (schema: object) =>
  schemaGroups(schema as Record<string, unknown>).flatMap((group) => group.rows);

test('a member has its type, default, limits and description', () => {
  const schema = {
    type: 'object',
    properties: {
      seconds: { type: 'number', minimum: 1, maximum: 120, default: 30, description: 'Time limit.' },
      unit: { type: 'string', enum: ['s', 'ms'] },
    },
    required: ['unit'],
  };

  expect(rows(schema)).toEqual([
    {
      path: 'seconds',
      depth: 0,
      type: 'number',
      isRequired: false,
      choices: [],
      fallback: '30',
      limits: ['1 to 120'],
      description: 'Time limit.',
    },
    { path: 'unit', depth: 0, type: 'string', isRequired: true, choices: ['"s"', '"ms"'], limits: [] },
  ]);
});

test('members of nested objects and lists follow with their paths', () => {
  const schema = {
    type: 'object',
    properties: {
      filter: {
        type: 'object',
        properties: { codes: { type: 'array', items: { type: 'string' }, maxItems: 100 } },
      },
      rules: {
        type: 'array',
        items: {
          type: 'object',
          properties: { set: { type: 'object', additionalProperties: { type: 'string' } } },
        },
      },
    },
  };

  expect(rows(schema).map(({ path, depth, type, limits }) => [path, depth, type, ...limits])).toEqual([
    ['filter', 0, 'object'],
    ['filter.codes', 1, 'list of strings', 'up to 100 entries'],
    ['rules', 0, 'list of objects'],
    ['rules[].set', 1, 'object of strings'],
  ]);
});

test('alternatives are groups, named by what they need', () => {
  const one = (name: string) => ({
    type: 'object',
    properties: { [name]: { type: 'string' } },
    required: [name],
  });

  const groups = schemaGroups({ anyOf: [one('items'), one('source')] });

  expect(groups.map(({ title }) => title)).toEqual(['items', 'source']);
});

test('a schema that contains itself ends', () => {
  const schema = {
    type: 'object',
    properties: { when: { $ref: '#/$defs/rule' } },
    $defs: { rule: { type: 'object', properties: { not: { $ref: '#/$defs/rule' } } } },
  };

  expect(
    rows(schema)
      .map(({ path }) => path)
      .at(-1),
  ).toBe('when.not.not.not.not');
});

test('limits of all integers are not shown', () => {
  const schema = { type: 'object', properties: { from: { type: 'integer', minimum: -9007199254740991 } } };

  expect(rows(schema)[0]?.limits).toEqual([]);
});

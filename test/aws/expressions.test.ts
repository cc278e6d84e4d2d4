import { describe, expect, test } from 'vitest';
import type { Change, Condition } from '#core/ports.ts';
import {
  Aliases,
  conditionExpression,
  projectionExpression,
  updateExpression,
} from '../../functions/aws/expressions.ts';

/** Returns the expression with every alias replaced by its name or value. */
function meant(compile: (aliases: Aliases) => string | undefined): string | undefined {
  const aliases = new Aliases();
  const expression = compile(aliases);
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } =
    aliases.attributes();
  return expression?.replace(/[#:][nv]\d+/g, (alias) => names[alias] ?? JSON.stringify(values[alias]));
}

const condition = (...conditions: Condition[]) =>
  meant((aliases) => conditionExpression(conditions, aliases));
const update = (change: Change) => meant((aliases) => updateExpression(change, aliases));

describe('conditions', () => {
  test.for([
    [{ attribute: 'pk', is: 'absent' }, 'attribute_not_exists(pk)'],
    [{ attribute: 'pk', is: 'present' }, 'attribute_exists(pk)'],
    [{ attribute: 'status', is: 'equal', value: 'Active' }, 'status = "Active"'],
    [{ attribute: 'n', is: 'notEqual', value: 1 }, 'n <> 1'],
    [{ attribute: 'n', is: 'less', value: 1 }, 'n < 1'],
    [{ attribute: 'n', is: 'atMost', value: 1 }, 'n <= 1'],
    [{ attribute: 'n', is: 'greater', value: 1 }, 'n > 1'],
    [{ attribute: 'n', is: 'atLeast', value: 1 }, 'n >= 1'],
    [{ attribute: 'n', is: 'oneOf', value: [1, '1'] }, 'n IN (1, "1")'],
  ] satisfies [Condition, string][])('%j is compiled', ([given, expected]) => {
    expect(condition(given)).toBe(expected);
  });

  test('all conditions of a list are required', () => {
    const expression = condition(
      { attribute: 'a', is: 'present' },
      { attribute: 'b', is: 'equal', value: 1 },
    );

    expect(expression).toBe('attribute_exists(a) AND b = 1');
  });

  test('a choice has parentheses but its branches do not, because DynamoDB refuses redundant ones', () => {
    const expression = condition(
      { attribute: 'x', is: 'present' },
      {
        anyOf: [
          [{ attribute: 'pk', is: 'absent' }],
          [
            { attribute: 'a', is: 'equal', value: 1 },
            { attribute: 'b', is: 'equal', value: 2 },
          ],
        ],
      },
    );

    expect(expression).toBe('attribute_exists(x) AND (attribute_not_exists(pk) OR a = 1 AND b = 2)');
  });

  test('a choice with one branch, or inside another choice, adds no parentheses', () => {
    const inner: Condition = {
      anyOf: [[{ attribute: 'a', is: 'present' }], [{ attribute: 'b', is: 'present' }]],
    };

    expect(condition({ anyOf: [[{ attribute: 'a', is: 'present' }]] })).toBe('attribute_exists(a)');
    expect(condition({ anyOf: [[inner]] })).toBe('(attribute_exists(a) OR attribute_exists(b))');
  });

  test('no conditions give no expression', () => {
    expect(conditionExpression([], new Aliases())).toBeUndefined();
    expect(conditionExpression(undefined, new Aliases())).toBeUndefined();
  });

  test('an empty choice throws an error that names it', () => {
    expect(() => condition({ anyOf: [] })).toThrow('anyOf needs at least one branch');
    expect(() => condition({ anyOf: [[]] })).toThrow('a condition in each, got [[]]');
    expect(() => condition({ attribute: 'n', is: 'oneOf', value: [] })).toThrow('1 to 100 values, got 0');
    const many = Array.from({ length: 101 }, (_, i) => i);
    expect(() => condition({ attribute: 'n', is: 'oneOf', value: many })).toThrow('got 101');
  });
});

describe('changes', () => {
  test('each kind of change has its clause', () => {
    const expression = update({
      set: { a: 1, status: 'x' },
      setOnce: { ttl: 5 },
      add: { n: 2 },
      remove: ['b', 'c'],
    });

    expect(expression).toBe('SET a = 1, status = "x", ttl = if_not_exists(ttl, 5) ADD n 2 REMOVE b, c');
  });

  test('clauses without any action are left out', () => {
    expect(update({ remove: ['b'] })).toBe('REMOVE b');
    expect(update({ setOnce: { ttl: 5 }, set: {} })).toBe('SET ttl = if_not_exists(ttl, 5)');
  });

  test('undefined values and empty sets change nothing', () => {
    const aliases = new Aliases();

    const expression = updateExpression({ set: { a: undefined }, add: { d: new Set<bigint>() } }, aliases);

    expect(expression).toBeUndefined();
    expect(aliases.attributes()).toEqual({});
  });

  test('a set is added as it is', () => {
    const aliases = new Aliases();
    const elements = new Set([1n, 10n ** 37n]);

    const expression = updateExpression({ add: { d: elements } }, aliases);

    expect(expression).toBe('ADD #n0 :v0');
    expect(aliases.attributes().ExpressionAttributeValues).toEqual({ ':v0': elements });
  });
});

describe('aliases', () => {
  test('names are aliased once, values each time', () => {
    const aliases = new Aliases();

    const expression = conditionExpression(
      [
        { attribute: 'n', is: 'atLeast', value: 1 },
        { attribute: 'n', is: 'less', value: 1 },
      ],
      aliases,
    );

    expect(expression).toBe('#n0 >= :v0 AND #n0 < :v1');
    expect(aliases.attributes()).toEqual({
      ExpressionAttributeNames: { '#n0': 'n' },
      ExpressionAttributeValues: { ':v0': 1, ':v1': 1 },
    });
  });

  test('a projection names each attribute once, since DynamoDB refuses overlaps', () => {
    expect(meant((aliases) => projectionExpression(['pk', 'status', 'pk'], aliases))).toBe('pk, status');
  });
});

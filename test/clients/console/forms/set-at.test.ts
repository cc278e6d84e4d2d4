import { expect, test } from 'vitest';
import { getAt, setAt, withoutUndefined } from '../../../../clients/console/forms/set-at.ts';
import { withoutDefaults } from '../../../../clients/console/forms/without-defaults.ts';

test('a part is set without a change of the others, and in its position', () => {
  const value = { a: 1, b: { c: [1, 2] }, d: 4 };

  expect(JSON.stringify(setAt(value, ['b', 'c', '1'], 9))).toBe('{"a":1,"b":{"c":[1,9]},"d":4}');
  expect(setAt(undefined, ['x', 'y'], 1)).toEqual({ x: { y: 1 } });
  expect(value.b.c).toEqual([1, 2]);
});

test('undefined removes a part', () => {
  expect(setAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 });
  expect(getAt({ a: { b: [5] } }, ['a', 'b', '0'])).toBe(5);
  expect(withoutUndefined({ a: undefined, b: { c: undefined } })).toEqual({ b: {} });
});

test('members with the default of their schema are left out', () => {
  const step = { type: 'object', properties: { tries: { default: 3 }, tags: { default: [] } } };
  const schema = { properties: { steps: { items: step }, on: { default: true } } };

  expect(withoutDefaults({ on: true, steps: [{ tries: 3, tags: ['x'], name: 'a' }] }, schema)).toEqual({
    steps: [{ tags: ['x'], name: 'a' }],
  });
});

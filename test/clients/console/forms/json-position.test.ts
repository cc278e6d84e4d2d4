import { expect, test } from 'vitest';
import { rangeOf } from '../../../../clients/console/forms/json-position.ts';

const TEXT = JSON.stringify({ a: { 'b "c"': [1, { d: 'x,y' }] }, e: true }, null, 2);

const textAt = (...path: string[]) => {
  const { start, end } = rangeOf(TEXT, path);
  return TEXT.slice(start, end);
};

test('the range of a part is that of its text', () => {
  expect(textAt('e')).toBe('true');
  expect(textAt('a', 'b "c"', '0')).toBe('1');
  expect(textAt('a', 'b "c"', '1', 'd')).toBe('"x,y"');
  expect(JSON.parse(textAt('a'))).toEqual({ 'b "c"': [1, { d: 'x,y' }] });
});

test('the range of a part that is missing is that of its closest parent', () => {
  expect(textAt('a', 'b "c"', '7')).toBe(textAt('a', 'b "c"'));
  expect(textAt('none')).toBe(TEXT);
  expect(textAt('e', 'below')).toBe('true');
});

import { expect, test } from 'vitest';
import { parsedJson, parsedObject } from '../../../clients/console/parts/json-text.ts';

test.each([
  ['{"a": 9007199254740993}', '9007199254740993'],
  ['[{"deep": [0.1234567890123456789]}]', '0.1234567890123456789'],
])('%s has a problem that names the number, because the request would lose digits', (text, number) => {
  expect(parsedJson(text)).toEqual({
    problem: `${number} has more digits than a number keeps. Write it as a string.`,
  });
});

test('other JSON is a value', () => {
  expect(parsedObject('{"a": 9007199254740991, "b": 0.1, "c": "9007199254740993"}')).toEqual({
    value: { a: 9007199254740991, b: 0.1, c: '9007199254740993' },
  });
});

import { describe, expect, test } from 'vitest';
import { isMet } from '#core/condition.ts';
import { parseJson } from '#core/json/parse-json.ts';

const LAST = 9007199254740991;

describe('a condition on a number with more digits than a JavaScript number holds', () => {
  test.for([
    ['9007199254740993', { equals: 9007199254740992 }, false],
    ['9007199254740993', { greater: 9007199254740992 }, true],
    ['9007199254740993', { less: 9007199254740992 }, false],
    ['9007199254740993', { equals: '9007199254740993' }, true],
    ['9007199254740993', { matches: '*993' }, true],
    ['9007199254740991.4', { equals: LAST }, false],
    ['9007199254740991.4', { greater: LAST }, true],
    ['-9007199254740991.4', { less: -LAST }, true],
    ['0.1000000000000000000001', { greater: 0.1 }, true],
    ['1e-400', { greater: 0 }, true],
    ['-1e-4000000000', { less: 0 }, true],
    ['1e400', { greater: 1e300 }, true],
    ['12345678901234567890', { less: 1e300 }, true],
  ] as const)('%s with %j is %s, also as a string', ([text, condition, isTrue]) => {
    const payload = parseJson(text);

    expect(isMet({ field: 'payload', ...condition }, { payload })).toBe(isTrue);
    expect(isMet({ field: 'payload', ...condition }, { payload: text })).toBe(isTrue);
  });
});

test.for([
  [5, { equals: 5 }, true],
  ['5.0', { equals: 5 }, true],
  [' 5 ', { less: 6 }, true],
  ['x', { less: 6 }, false],
  ['', { equals: 0 }, false],
  ['b', { greater: 'a' }, true],
  [5, { equals: '5' }, false],
] as const)('%j with %j is %s', ([payload, condition, isTrue]) => {
  expect(isMet({ field: 'payload', ...condition }, { payload })).toBe(isTrue);
});

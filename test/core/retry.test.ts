import { describe, expect, test } from 'vitest';
import { isRetried, mergePatch } from '#core/retry.ts';

describe('a merge patch', () => {
  /** The examples of RFC 7396, appendix A, in which the patch is a map. */
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [['a', 'b'], { c: 'd' }, { c: 'd' }],
    [3, { a: 1 }, { a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j with %j', (target, patch, merged) => {
    expect(mergePatch(target, patch)).toEqual(merged);
  });
});

test('only failed items that match every member of the filter are retried', () => {
  const failure = {
    failureId: 'f',
    failureTime: 1,
    failureSource: 's',
    failureMessage: 'm',
    code: 'x',
    attempts: 1,
  };
  const failed = { id: 'a', path: '', outcome: 'failed', attempts: 1, failure } as const;

  expect(isRetried(failed, {})).toBe(true);
  expect(isRetried({ ...failed, outcome: 'skipped' }, {})).toBe(false);
  expect(isRetried(failed, { codes: ['x'], itemIds: ['a'] })).toBe(true);
  expect(isRetried(failed, { codes: ['y'], itemIds: ['a'] })).toBe(false);
  expect(isRetried(failed, { codes: ['x'], itemIds: ['b'] })).toBe(false);
});

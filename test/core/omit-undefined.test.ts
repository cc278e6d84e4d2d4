import { expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';

interface Options {
  readonly limit: number;
  readonly after?: string;
}

test('keeps the members that have a value, in their order', () => {
  const members = { after: '', missing: undefined, limit: 0, hidden: false, patch: null };

  const kept = omitUndefined(members);

  expect(Object.entries(kept)).toEqual([
    ['after', ''],
    ['limit', 0],
    ['hidden', false],
    ['patch', null],
  ]);
});

test('makes a member that may be undefined optional', () => {
  const read = (after: string | undefined): Options => omitUndefined({ limit: 5, after });

  expect(Object.keys(read(undefined))).toEqual(['limit']);
  expect(read('i7')).toEqual({ limit: 5, after: 'i7' });
});

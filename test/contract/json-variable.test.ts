import * as v from 'valibot';
import { expect, test } from 'vitest';
import { readJsonVariable } from '#contract/json-variable.ts';

const names = v.array(v.string());

test('a variable with JSON is checked, and absent ones have the given value', () => {
  expect(readJsonVariable('readBuckets', names, { JOBTREE_READ_BUCKETS: '["scans"]' }, [])).toEqual([
    'scans',
  ]);
  expect(readJsonVariable('readBuckets', names, {}, ['own'])).toEqual(['own']);
});

test.each(['[', '{"a": 1}'])('the content %s is refused with the name of the variable', (text) => {
  expect(() => readJsonVariable('readBuckets', names, { JOBTREE_READ_BUCKETS: text }, [])).toThrow(
    'JOBTREE_READ_BUCKETS is not valid',
  );
});

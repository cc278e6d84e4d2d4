import { expect, test } from 'vitest';
import { LONGEST_RUN_MILLIS, STATUS_CACHE_MILLIS, STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { synthesize } from './synthesized.ts';

test('before the second cleanup of a job, every function that saw it running has ended', () => {
  const functions = synthesize().ofType('AWS::Lambda::Function');

  const runs = functions.map(([, { Properties }]) => 1_000 * Number(Properties['Timeout']));
  const caches = functions
    .map(([, { Properties }]) => Properties['Environment']?.Variables?.JOBTREE_STATUS_CACHE_MILLIS)
    .filter((millis) => millis !== undefined);
  expect(Math.max(...runs)).toBe(LONGEST_RUN_MILLIS);
  expect(caches.length).toBeGreaterThan(2);
  expect(new Set(caches)).toEqual(new Set([String(STATUS_CACHE_MILLIS)]));
  expect(STRAGGLER_MILLIS).toBeGreaterThan(LONGEST_RUN_MILLIS + STATUS_CACHE_MILLIS);
});

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  bulkKey,
  fencedNodeOfKey,
  fenceKey,
  jobKey,
  partitionKey,
  removalKey,
  runOfRemoval,
} from '../../functions/store/keys.ts';

const run = { partition: 'a#b/c', job: 'x#J#y', generation: 12 };

describe('the key of a row', () => {
  test.each(['', '3', '3.17'])('of a fence names its node, here %j', (path) => {
    expect(fencedNodeOfKey(fenceKey(run, path))).toEqual({ run, path });
  });

  test('of a removal names the deleted run', () => {
    expect(runOfRemoval(removalKey(run))).toEqual(run);
  });

  test.each([
    ['a job', jobKey(run)],
    ['a partition', partitionKey(run.partition)],
    ['a bulk action', bulkKey(run.partition, 'one')],
  ])('of %s names no fence and no removal', (_what, key) => {
    expect(fencedNodeOfKey(key)).toBeUndefined();
    expect(runOfRemoval(key)).toBeUndefined();
  });
});

test('no other file of the functions builds a key of the table, or takes one apart', () => {
  const PARTS = /\b[sp]k(?: [!=]== '|\.(?:startsWith|split|slice|match)\(|: ['`])/;
  const files = globSync('functions/**/*.ts', { exclude: ['functions/store/keys.ts'] });

  expect(files.filter((file) => PARTS.test(readFileSync(file, 'utf8')))).toEqual([]);
});

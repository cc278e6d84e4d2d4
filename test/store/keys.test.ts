import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  bulkKey,
  failureKey,
  fencedNodeOfKey,
  fenceKey,
  jobKey,
  partitionKey,
  removalKey,
  runOfRemoval,
} from '../../functions/store/keys.ts';

const run = { partition: 'a#b/c', job: 'x#J#y', runNumber: 12 };

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

test('failures sort in the order of the tree, those of the job first', () => {
  const ids = [
    'all-items-failed',
    'root',
    'root/2/0:98',
    'root/2/0:100',
    'root/10/1',
    '11/0/a',
    '11.2/0/a',
    '11/3',
    '11.10/0/a2',
    '11.10/0/a10',
    '100/7/x',
  ];
  const sortKeyOf = (id: string) => failureKey(run, id).sk;

  const sorted = ids.toReversed().toSorted((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));

  expect(sorted).toEqual(ids);
  expect(new Set(ids.map(sortKeyOf)).size).toBe(ids.length);
});

test('no other file of the functions builds a key of the table, or takes one apart', () => {
  const PARTS = /\b[sp]k(?: [!=]== '|\.(?:startsWith|split|slice|match)\(|: ['`])/;
  const files = globSync('functions/**/*.ts', { exclude: ['functions/store/keys.ts'] });

  expect(files.filter((file) => PARTS.test(readFileSync(file, 'utf8')))).toEqual([]);
});

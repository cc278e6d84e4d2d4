import { expect, test } from 'vitest';
import { BoundedMap } from '#core/bounded-map.ts';

function fullMap(): BoundedMap<string, number> {
  return new BoundedMap<string, number>(3).set('a', 1).set('b', 2).set('c', 3);
}

test('a map within its limit keeps all entries', () => {
  expect([...fullMap()]).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
});

test('an entry above the limit replaces the oldest one', () => {
  const map = fullMap().set('d', 4);

  expect([...map.keys()]).toEqual(['b', 'c', 'd']);
});

test('a new value of an entry does not change its age', () => {
  const map = fullMap().set('a', 5).set('d', 4);

  expect([...map.keys()]).toEqual(['b', 'c', 'd']);
});

test('an entry that is made the newest is dropped last', () => {
  const map = fullMap().setNewest('a', 5).set('d', 4);

  expect([...map]).toEqual([
    ['c', 3],
    ['a', 5],
    ['d', 4],
  ]);
});

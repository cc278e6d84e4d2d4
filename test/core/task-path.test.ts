import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childPath, depthOf, parentOf, ROOT } from '#core/task-path.ts';

const indices = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });

test('a path leads back up the way it came down', () => {
  fc.assert(
    fc.property(indices, (way) => {
      let path = way.reduce(childPath, ROOT);
      expect(depthOf(path)).toBe(way.length);

      const back: number[] = [];
      for (let place = parentOf(path); place !== undefined; place = parentOf(path)) {
        back.unshift(place.index);
        path = place.path;
      }

      expect(back).toEqual(way);
      expect(path).toBe(ROOT);
    }),
  );
});

test('two ways lead to two paths', () => {
  fc.assert(
    fc.property(indices, indices, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);

      expect(one.reduce(childPath, ROOT) === other.reduce(childPath, ROOT)).toBe(isSame);
    }),
  );
});

test('a path is written as the numbers on its way', () => {
  expect(childPath(ROOT, 3)).toBe('3');
  expect(childPath('3', 17)).toBe('3.17');
  expect(parentOf('3.17')).toEqual({ path: '3', index: 17 });
  expect(parentOf('3')).toEqual({ path: '', index: 3 });
});

test('the root has no parent and no depth', () => {
  expect(parentOf(ROOT)).toBeUndefined();
  expect(depthOf(ROOT)).toBe(0);
});

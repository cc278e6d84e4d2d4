import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchWeight, childPath, depthOf, parentOf, ROOT } from '#core/task-path.ts';

const indices = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });

test('the parents of a path are the nodes that it was built from', () => {
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

test('different nodes have different paths', () => {
  fc.assert(
    fc.property(indices, indices, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);

      expect(one.reduce(childPath, ROOT) === other.reduce(childPath, ROOT)).toBe(isSame);
    }),
  );
});

test('a path consists of the positions on each level', () => {
  expect(childPath(ROOT, 3)).toBe('3');
  expect(childPath('3', 17)).toBe('3.17');
  expect(parentOf('3.17')).toEqual({ path: '3', index: 17 });
  expect(parentOf('3')).toEqual({ path: '', index: 3 });
});

test('the root has no parent and no depth', () => {
  expect(parentOf(ROOT)).toBeUndefined();
  expect(depthOf(ROOT)).toBe(0);
});

describe('the weight of a batch', () => {
  test('is a whole number from 1 to 2^30, the same each time', () => {
    fc.assert(
      fc.property(indices, (way) => {
        const path = way.reduce(childPath, ROOT);

        expect(batchWeight(path)).toBe(batchWeight(path));
        expect(Number.isInteger(batchWeight(path))).toBe(true);
        expect(batchWeight(path)).toBeGreaterThanOrEqual(1);
        expect(batchWeight(path)).toBeLessThanOrEqual(2 ** 30);
      }),
    );
  });

  test('has different sums for different pairs of neighbours', () => {
    const sums = new Map<number, string>();
    const paths = Array.from({ length: 200 }, (_, i) => [`${i}`, `0.${i}`, `7.${i}`]).flat();
    let meetings = 0;
    for (const [i, one] of paths.entries()) {
      for (const other of paths.slice(i + 1)) {
        const sum = batchWeight(one) + batchWeight(other);
        if (sums.has(sum)) meetings += 1;
        sums.set(sum, `${one} ${other}`);
      }
    }

    // Random collisions: 180,000 pairs among 2^31 sums.
    expect(meetings).toBeLessThan(40);
  });
});

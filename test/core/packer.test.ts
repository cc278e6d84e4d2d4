import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Packer, packed } from '#core/packer.ts';

const bytes = (entry: number) => entry;

describe('groups of entries', () => {
  test('are as large as the limits allow', () => {
    expect([...packed([4, 6, 1, 9, 2], bytes, { maxBytes: 10 })]).toEqual([[4, 6], [1, 9], [2]]);
    expect([...packed([1, 1, 1], bytes, { maxBytes: 10, maxEntries: 2 })]).toEqual([[1, 1], [1]]);
  });

  test('have an entry above the limit alone', () => {
    expect([...packed([1, 99, 1], bytes, { maxBytes: 10 })]).toEqual([[1], [99], [1]]);
    expect([...packed([99], bytes, { maxBytes: 10 })]).toEqual([[99]]);
  });

  test('are none if there are no entries', () => {
    expect([...packed([], bytes, { maxBytes: 10 })]).toEqual([]);
  });

  test('pass the position of each entry to the function that measures it', () => {
    const sizes = [9, 1, 9];

    const groups = [...packed(['a', 'b', 'c'], (_, position) => sizes[position] ?? 0, { maxBytes: 10 })];

    expect(groups).toEqual([['a', 'b'], ['c']]);
  });

  test('keep all entries in order, are never empty, and could not take the next entry', () => {
    const limits = fc.record({
      maxBytes: fc.integer({ min: 1, max: 50 }),
      maxEntries: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 })), limits, (entries, { maxBytes, maxEntries }) => {
        const groups = [...packed(entries, bytes, { maxBytes, maxEntries })];

        expect(groups.flat()).toEqual(entries);
        for (const [position, group] of groups.entries()) {
          const size = group.reduce((sum, entry) => sum + entry, 0);
          expect(group.length).toBeGreaterThan(0);
          expect(group.length).toBeLessThanOrEqual(maxEntries);
          if (group.length > 1) expect(size).toBeLessThanOrEqual(maxBytes);
          const next = groups[position + 1]?.[0];
          if (next !== undefined) expect(group.length === maxEntries || size + next > maxBytes).toBe(true);
        }
      }),
    );
  });
});

test('a packer returns a group when the next entry does not fit, and the open group on request', () => {
  const packer = new Packer<string>({ maxBytes: 3 });

  expect(packer.add('a', 2)).toBeUndefined();
  expect(packer.add('b', 2)).toEqual(['a']);
  expect(packer.take()).toEqual(['b']);
  expect(packer.take()).toEqual([]);
});

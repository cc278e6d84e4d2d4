import { expect, test } from 'vitest';
import { itemsPerTaskFor } from '#core/items-per-task.ts';

test.each([
  [0.2, 20],
  [0.5, 8],
  [3, 1],
  [60, 1],
  [0.000_1, 1_000],
])('a worker that spends %s seconds on an item gets %s items', (secondsPerItem, items) => {
  expect(itemsPerTaskFor(secondsPerItem)).toBe(items);
});

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALL_BLOCKS, GENERATED, TESTS, unlistedBlocks, unusedRows } from './samples/inventory.ts';

test('every block of the documentation runs in a test, or the inventory states why not', () => {
  expect(unlistedBlocks().map(({ page, line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
});

test('every row of the inventory has a block', () => {
  expect(unusedRows()).toEqual([]);
  expect(ALL_BLOCKS.length).toBeGreaterThan(100);
});

test.each(TESTS)('%s takes its blocks from the inventory', (path) => {
  expect(existsSync(path)).toBe(true);
  // Generated pages are compared as a whole.
  if (path !== GENERATED) expect(readFileSync(path, 'utf8')).toMatch(/blocks(For|Of)\(/);
});

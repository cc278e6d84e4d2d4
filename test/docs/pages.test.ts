import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const MAX_README_LINES = 120;
const pages = globSync('docs/**/*.md', { exclude: ['docs/explanation/decisions/0*.md'] });

test.each(pages)('%s begins with what the reader can do after it', (page) => {
  const [title, , opening] = readFileSync(page, 'utf8').split('\n');

  expect(title).toMatch(/^# /);
  expect(opening).toMatch(/^After this (page|tutorial) /);
});

test(`README.md has at most ${MAX_README_LINES} lines`, () => {
  expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(
    MAX_README_LINES,
  );
});

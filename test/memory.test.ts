/** How much a splitter and the tracker hold in memory, however many items there are. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const FEW = 10_000;
const MANY = 300_000;
const MEGABYTE = 1024 * 1024;

/** Far above what one run differs from the next (0.5 MB), far below what 300,000 items would take. */
const MAX_GROWTH = 8 * MEGABYTE;

/** How much more heap is alive, at most, while many items go through than while few do. */
async function growthOf(subject: string, items = MANY): Promise<number> {
  // The first run is only there to load and compile what the others use.
  const args = ['--expose-gc', 'test/support/heap/main.ts', subject, ...[1_000, FEW, items].map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [, few = 0, most = 0] = JSON.parse(stdout) as number[];
  return most - few;
}

describe.concurrent('the heap stays flat between 10,000 and 300,000 items', () => {
  test.each(['a range', 'a source that may change'])('of the splitter of %s', async (subject) => {
    expect(await growthOf(subject)).toBeLessThan(MAX_GROWTH);
  });

  test('of the tracker of reports', async () => {
    expect(await growthOf('reports')).toBeLessThan(MAX_GROWTH);
  });
});

test('a splitter that names no place to go on from holds all its children, and that is seen', async () => {
  expect(await growthOf('a source without checkpoints', MANY / 5)).toBeGreaterThan(2 * MAX_GROWTH);
});

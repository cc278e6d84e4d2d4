/** Limits on the memory of a splitter and the tracker, independent of the number of items. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SPLITTING_MEMORY_MEBIBYTES } from '../lib/batch-splitting.ts';

/** Share of the memory that Node gives to the heap in a function of 1,024 MB. */
const HEAP_SHARE = 0.9;

const FEW = 10_000;
const MANY = 300_000;
const MEGABYTE = 1024 * 1024;

/** Far above the variation between runs (0.5 MB), and far below the size of 300,000 items. */
const MAX_GROWTH = 8 * MEGABYTE;

/** Difference between the peak live heap with many items and with few items. */
async function growthOf(subject: string, items = MANY): Promise<number> {
  // The first run only loads and compiles the code.
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

test('a splitter without checkpoints holds all its children, and the measurement shows it', async () => {
  expect(await growthOf('a source without checkpoints', MANY / 5)).toBeGreaterThan(2 * MAX_GROWTH);
});

/** Splits in a process with the memory of the function. Returns the result and the peak memory of the process. */
async function splitLarge(
  subject: string,
): Promise<{ outcome: string; sent: number; bytes: number; code?: string }> {
  const heap = `--max-old-space-size=${Math.floor(HEAP_SHARE * SPLITTING_MEMORY_MEBIBYTES)}`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    heap,
    'test/support/heap/large-sources.ts',
    subject,
  ]);
  return JSON.parse(stdout);
}

describe('a splitter of large items takes little more than half of the memory of its function', () => {
  const MAX_BYTES = 0.55 * SPLITTING_MEMORY_MEBIBYTES * MEGABYTE;

  test.each([
    ['50,000 lines of 20 KB, 50 a task', 1_000],
    ['1,000,000 lines of 1 KB, 1,000 a task', 1_000],
    ['1,000,000 lines of one byte', 1_000],
    ['a source that may change, 50,000 items of 20 KB', 1_000],
  ])('of %s', async (subject, tasks) => {
    const { outcome, sent, bytes } = await splitLarge(subject);

    expect({ outcome, sent }).toEqual({ outcome: 'sealed', sent: tasks });
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  test('of 3,000 lines of 400 KB, of which a task holds fewer than requested', async () => {
    const { outcome, sent, bytes } = await splitLarge('3,000 lines of 400 KB, 1,000 a task');

    expect(outcome).toBe('sealed');
    expect(sent).toBeGreaterThan(250);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  test('and fails with the reason where the splitter gives no checkpoints', async () => {
    const { outcome, code, bytes } = await splitLarge('a source without checkpoints, 50,000 items of 20 KB');

    expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'too-much-at-once' });
    expect(bytes).toBeLessThan(MAX_BYTES);
  });
});

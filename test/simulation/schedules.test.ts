import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PLANTED_BUGS } from './planted.ts';
import { runSchedule } from './run-schedule.ts';
import type { Mode } from './scenario.ts';

/** A quarter of the seeds that the command line runs in a minute. `npm test` runs thousands more. */
const SEEDS = 60;
const FIRST_SEED = 900_001;

describe.each<Mode>(['safety', 'liveness'])('%s: under random faults', (mode) => {
  test('no schedule violates an invariant', async () => {
    const violated: string[] = [];

    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      const { violations } = await runSchedule(seed, mode);
      violated.push(...violations.map(({ invariant, detail }) => `${seed}: ${invariant}: ${detail}`));
    }

    expect(violated).toEqual([]);
  });
});

test('the same seed gives the same schedule, step by step', async () => {
  for (const seed of [3, 5, 7, 8]) {
    const first = await runSchedule(seed, 'liveness', { keepTrace: true });
    const secondRun = await runSchedule(seed, 'liveness', { keepTrace: true });
    const withoutTrace = await runSchedule(seed, 'liveness');

    expect(secondRun.lines).toEqual(first.lines);
    expect([secondRun.hash, withoutTrace.hash]).toEqual([first.hash, first.hash]);
    expect(first.steps).toBeGreaterThan(20);
  }
});

test('different seeds give different schedules', async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) hashes.add((await runSchedule(seed, 'safety')).hash);

  expect(hashes.size).toBe(20);
});

describe('the command', () => {
  test('also runs schedules with small pages, and prints a summary in its last line', async () => {
    const { code, last } = await simulate('--seeds', '60', '--from', '5000');

    expect(JSON.parse(last)).toMatchObject({ seeds: 60, schedules: 120, violations: 0 });
    expect(code).toBe(0);
  });

  test('replays a schedule and prints every event', async () => {
    const { code, stdout, last } = await simulate('--replay', '4', '--mode', 'liveness');
    const secondRun = await simulate('--replay', '4', '--mode', 'liveness');

    expect(stdout).toContain('← split');
    expect(secondRun.last).toBe(last);
    expect(JSON.parse(last)).toMatchObject({ seed: 4, mode: 'liveness', violations: 0 });
    expect(code).toBe(0);
  });
});

test('at least 20 bugs are planted, each with a unique name', () => {
  const names = new Set(PLANTED_BUGS.map(({ name }) => name));

  expect(names.size).toBeGreaterThanOrEqual(20);
  expect(names.size).toBe(PLANTED_BUGS.length);
});

async function simulate(...args: string[]) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args]);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.resume();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

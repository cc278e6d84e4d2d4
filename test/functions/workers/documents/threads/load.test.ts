/** Documents on a machine with far more work than processors. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { busyThread } from '../../../../support/documents/threads/busy-thread.ts';
import { pdfSaying } from '../extract-text/documents.ts';

async function underLoad<T>(work: () => Promise<T>): Promise<T> {
  const count = 8 * availableParallelism();
  const burners = Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    return await work();
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
  }
}

test('work that takes longer than its limits by the clock, but not by CPU time, is finished', async () => {
  const phases = Array.from({ length: 8 }, () => ({ kind: 'compute', millis: 150 }) as const);
  const limits = { stallSeconds: 0.5, timeoutSeconds: 3, maxMemoryMebibytes: 500 };
  await busyThread.run({ phases: [] }, limits);

  const [result, seconds] = await underLoad(async () => {
    const started = performance.now();
    const finished = await busyThread.run({ phases }, limits);
    return [finished, (performance.now() - started) / 1000] as const;
  });

  expect(result).toBe('finished');
  expect(seconds).toBeGreaterThan(limits.timeoutSeconds);
}, 120_000);

test('a small PDF is read with a limit that it exceeds by the clock', async () => {
  const read = () => extractText(pdfSaying('Hello'), { name: 'a.pdf', stallSeconds: 1, timeoutSeconds: 1 });

  const texts = await underLoad(async () => {
    const all: string[] = [];
    for (let i = 0; i < 10; i += 1) all.push((await read()).text);
    return all;
  });

  expect(texts).toEqual(Array(10).fill('Hello'));
}, 120_000);

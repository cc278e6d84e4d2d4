import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { judge, type Moment } from '../../../../../functions/workers/documents/threads/work-time.ts';
import { type BusyRequest, busyThread } from '../../../../support/documents/threads/busy-thread.ts';

type Phases = BusyRequest['phases'];

function run(
  phases: Phases,
  limits: { timeoutSeconds?: number; stallSeconds?: number } = {},
): Promise<string> {
  return busyThread.run(
    { phases },
    { timeoutSeconds: 30, stallSeconds: 30, maxMemoryMebibytes: 500, ...limits },
  );
}

describe('a thread that gets no processor does not fail its document', () => {
  test('within one step', async () => {
    expect(await run([{ kind: 'wait', millis: 1_000 }], { stallSeconds: 0.3 })).toBe('finished');
  });

  test('in total', async () => {
    const phases: Phases = Array.from({ length: 5 }, () => ({ kind: 'wait', millis: 200 }));

    expect(await run(phases, { timeoutSeconds: 0.5 })).toBe('finished');
  });

  test('but the document is tried again later, after 20 times the limit', async () => {
    const stalled = run([{ kind: 'wait', millis: 10_000 }], { stallSeconds: 0.1 });

    await expect(stalled).rejects.toMatchObject({ name: 'RetryableFailure', code: 'document-not-processed' });
    expect(await run([])).toBe('finished');
  });

  test('in a process that is suspended for longer than all limits', async () => {
    const program = fileURLToPath(
      new URL('../../../../support/documents/threads/under-load.ts', import.meta.url),
    );
    const child = spawn(process.execPath, [program, 'start'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    expect(String(line)).toBe('started\n');
    await setTimeout(200);

    child.kill('SIGSTOP');
    await setTimeout(2_500);
    child.kill('SIGCONT');

    expect(await text(child.stdout)).toBe('finished\n');
  }, 20_000);
});

describe('a document that uses too much CPU time fails', () => {
  test('within one step', async () => {
    const stalled = run([{ kind: 'compute', millis: 5_000 }], { stallSeconds: 0.3 });

    await expect(stalled).rejects.toMatchObject({
      code: 'document-too-large',
      message: expect.stringContaining('0 s for one page or entry'),
    });
  });

  test('in total', async () => {
    const phases: Phases = Array.from({ length: 50 }, () => ({ kind: 'compute', millis: 100 }));

    await expect(run(phases, { timeoutSeconds: 0.5 })).rejects.toMatchObject({
      code: 'document-too-large',
      message: expect.stringContaining('the limit of 0.5 s'),
    });
  });

  test('but not because the caller was busy while the thread made steps', async () => {
    const phases: Phases = Array.from({ length: 15 }, () => ({ kind: 'compute', millis: 50 }));
    const running = run(phases, { stallSeconds: 0.3 });
    await setTimeout(30);

    const end = performance.now() + 700;
    while (performance.now() < end);

    expect(await running).toBe('finished');
  });
});

test.each<[Moment, string]>([
  [{ wall: 9, cpu: 99 }, 'within limit'],
  [{ wall: 99, cpu: 9 }, 'within limit'],
  [{ wall: 11, cpu: 11 }, 'too long'],
  [{ wall: 201, cpu: 9 }, 'starved'],
])('after %j with a limit of 10 s, work is %s', (moment, verdict) => {
  expect(judge({ wall: 0, cpu: 0 }, 10, moment)).toBe(verdict);
});

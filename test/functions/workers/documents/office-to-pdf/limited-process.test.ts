import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ProcessLimits,
  runLimited,
} from '../../../../../functions/workers/documents/office-to-pdf/limited-process.ts';

const canConfine = process.platform === 'linux' && spawnSync('python3', ['--version']).status === 0;

/** Running processes whose command line contains the text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

describe.skipIf(!canConfine)('a process with limits (needs Linux with python3)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jobtree-limited-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const limits: ProcessLimits = {
    cpuSeconds: 20,
    wallSeconds: 30,
    memoryBytes: 2 ** 29,
    fileBytes: 2 ** 20,
    signal: new AbortController().signal,
  };
  const environment = { PATH: process.env['PATH'] ?? '' };
  const run = (shell: string, some: Partial<ProcessLimits> = {}) =>
    runLimited(['sh', '-c', shell], folder, { ...limits, ...some, environment });

  test('returns its exit code and messages, and sees no other environment', async () => {
    process.env['JOBTREE_SECRET'] = 'credentials';

    const end = await run('env; echo problem >&2; exit 3');

    delete process.env['JOBTREE_SECRET'];
    expect(end).toMatchObject({ kind: 'exited', code: 3, messages: expect.stringContaining('problem') });
    expect(JSON.stringify(end)).not.toContain('credentials');
  });

  test('and its children end at the limit of CPU time', async () => {
    const end = await run('sh -c "while :; do :; done" # busy-child-of-test', { cpuSeconds: 0.5 });

    expect(end).toEqual({ kind: 'limit', of: 'cpu' });
    expect(processesWith('busy-child-of-test')).toEqual([]);
  });

  test('that waits forever ends at the limit of time by the clock', async () => {
    const end = await run('sleep 87654', { wallSeconds: 0.5 });

    expect(end).toEqual({ kind: 'limit', of: 'wall' });
    expect(processesWith('87654')).toEqual([]);
  });

  test('ends at the limit of memory', async () => {
    const end = await run(`python3 -c "import time; x = b'x' * (2 ** 27 + 2 ** 25); time.sleep(60)"`, {
      memoryBytes: 2 ** 27,
    });

    expect(end).toEqual({ kind: 'limit', of: 'memory' });
  });

  test('that is aborted ends with the reason', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('the invocation ends')), 300);

    await expect(run('sleep 76543', { signal: stop.signal })).rejects.toThrow('the invocation ends');
    expect(processesWith('76543')).toEqual([]);
  });

  test('leaves no process in the background', async () => {
    const end = await run('sleep 65432 > /dev/null 2>&1 & exit 0');

    expect(end).toMatchObject({ kind: 'exited', code: 0 });
    expect(processesWith('65432')).toEqual([]);
  });

  test('that crashes is told from one that exits', async () => {
    expect(await run('kill -SEGV $$')).toMatchObject({ kind: 'crashed', by: 'SIGSEGV' });
    expect(await run('sh -c "kill -ABRT \\$\\$"; exit $?')).toMatchObject({
      kind: 'crashed',
      by: 'signal 6',
    });
  });

  test('without a launcher does not start', async () => {
    const end = await runLimited(['true'], folder, { ...limits, environment: { PATH: folder } });

    expect(end).toMatchObject({ kind: 'not started' });
  });
});

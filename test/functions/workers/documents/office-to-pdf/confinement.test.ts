import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  confinedCommand,
  NO_PROGRAM,
  type SystemLimits,
} from '../../../../../functions/workers/documents/office-to-pdf/confinement.ts';

const LIMITS: SystemLimits = { cpuSeconds: 30, memoryBytes: 2 ** 30, fileBytes: 2 ** 20 };
const canConfine = process.platform === 'linux' && spawnSync('python3', ['--version']).status === 0;

/** Runs a program of Python under the limits. */
function run(program: string, limits: Partial<SystemLimits> = {}) {
  const { command, args } = confinedCommand({ ...LIMITS, ...limits }, ['python3', '-c', program]);
  return spawnSync(command, args, { encoding: 'utf8' });
}

describe.skipIf(!canConfine)('a confined program (needs Linux with python3)', () => {
  const server = createServer((_, response) => response.end());
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = Number(Object(server.address()).port);
  });
  afterAll(() => server.close());

  test('connects to no server, by no kind of socket', () => {
    const attempt = (kind: string) => `
try:
    socket.socket(socket.${kind})
    print('${kind} open')
except PermissionError:
    print('${kind} refused')`;
    const kinds = ['AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET', 'AF_UNIX'];

    const { stdout } = run(`import socket${kinds.map(attempt).join('')}`);

    expect(stdout.trim().split('\n')).toEqual([
      ...kinds.slice(0, -1).map((kind) => `${kind} refused`),
      // Processes on the same machine may talk to each other: LibreOffice and its launcher do.
      'AF_UNIX open',
    ]);
    const request = run(`import urllib.request; urllib.request.urlopen('http://127.0.0.1:${port}/')`);
    expect(request.stderr).toContain('Permission denied');
  });

  test('passes these limits to its children', () => {
    const { stdout } = run(`
import subprocess, sys
print(subprocess.run([sys.executable, '-c', 'import socket; socket.socket()'], capture_output=True).returncode)`);

    expect(stdout.trim()).toBe('1');
  });

  test('writes no larger file, and gets no more memory', () => {
    const file = run("open('/dev/shm/jobtree-too-large', 'wb').write(b'x' * 2 ** 21)");
    const memory = run('x = bytearray(2 ** 29)', { memoryBytes: 2 ** 28 });

    expect(`${file.stderr}${file.signal}`).toMatch(/File too large|SIGXFSZ/);
    expect(memory.stderr).toContain('MemoryError');
    spawnSync('rm', ['-f', '/dev/shm/jobtree-too-large']);
  });

  test('that does not exist is reported', () => {
    const { command, args } = confinedCommand(LIMITS, ['no-such-program']);

    expect(spawnSync(command, args).status).toBe(NO_PROGRAM);
  });
});

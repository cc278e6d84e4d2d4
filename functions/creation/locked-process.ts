/**
 * Starts a process for expressions of users. It has no environment and no rights: Node's permission model refuses to
 * read any file but its code, to write, and to start processes, threads or native code. So it cannot read
 * `/proc/<parent>/environ`, where Lambda keeps the credentials. Network is not part of the permission model of Node 24;
 * `lock-down.ts` closes it from inside.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `readable`: files and folders that hold its code. */
export function startLockedProcess(
  entry: string,
  readable: readonly string[],
  heapMebibytes: number,
): ChildProcess {
  const reads = readable.map((path) => `--allow-fs-read=${path}`);
  return fork(entry, [], {
    execArgv: ['--permission', ...reads, `--max-old-space-size=${heapMebibytes}`],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** What the code of this project needs to be read where it runs unbundled. */
export function projectCode(): string[] {
  return ['../../functions/', '../../node_modules/', '../../package.json', '../../tsconfig.json'].map(
    (path) => fileURLToPath(new URL(path, import.meta.url)),
  );
}

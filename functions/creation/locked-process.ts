/**
 * Starts a process that evaluates expressions of users. It has an empty environment and no permissions: the permission
 * model of Node denies writing, starting processes, threads or native code, and reading any file except its code.
 * Therefore it cannot read `/proc/<parent>/environ`, which contains the credentials of the Lambda function. The
 * permission model of Node 24 does not cover the network; `lock-down.ts` blocks it from inside.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `readable` lists the files and folders of its code. */
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

/** Returns the files and folders that the code of this project needs when it runs unbundled. */
export function projectCode(): string[] {
  return ['../../functions/', '../../node_modules/', '../../package.json', '../../tsconfig.json'].map(
    (path) => fileURLToPath(new URL(path, import.meta.url)),
  );
}

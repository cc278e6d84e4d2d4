import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from '../command.ts';
import { projectPath, REGION } from '../local-aws.ts';
import { LocalRefusal } from '../local-refusal.ts';
import { LOOPBACK } from './port.ts';
import { processStart } from './process-group.ts';

/** A MiniStack process. The start time distinguishes it from a later process with the same pid. */
export interface StartedProcess {
  readonly pid: number;
  readonly processStart: string;
  readonly port: number;
}

export interface SpawnOptions {
  /** Python of the environment in which MiniStack is installed. */
  readonly python: string;
  readonly port: number;
  /** Folder for everything that MiniStack and its functions write. */
  readonly tempDir: string;
  readonly logFile: string;
}

const START_DEADLINE_MS = 60_000;
const RESPONSE_TIMEOUT_MS = 2000;
const POLL_INTERVAL_MS = 50;

/**
 * Starts MiniStack as the leader of its own process group. It outlives the caller, and ends together with its
 * children.
 */
export async function spawnMinistack({
  python,
  port,
  tempDir,
  logFile,
}: SpawnOptions): Promise<StartedProcess> {
  const log = openSync(logFile, 'w');
  // MiniStack writes CommonJS files below this folder. Without this file, a package.json further up could
  // turn them into ES modules.
  writeFileSync(join(tempDir, 'package.json'), '{"type":"commonjs"}');
  const child = spawn(python, ['-m', 'ministack'], {
    cwd: tempDir,
    env: ministackEnv(port, tempDir),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const startedProcess = child.pid && (await processStart(child.pid));
  if (child.pid && startedProcess) return { pid: child.pid, processStart: startedProcess, port };
  return refuse('could not be started', logFile);
}

/**
 * Waits until MiniStack responds. If it ends or does not respond in time, throws an error with the end of its
 * log.
 */
export async function untilHealthy(startedProcess: StartedProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isHealthy(startedProcess.port))) {
    if (!(await isAlive(startedProcess))) refuse('ended during its start', logFile);
    if (Date.now() > deadline)
      refuse(`did not respond on port ${startedProcess.port} within ${START_DEADLINE_MS / 1000} s`, logFile);
    await sleep(POLL_INTERVAL_MS);
  }
}

export async function isAlive(startedProcess: StartedProcess): Promise<boolean> {
  return (await processStart(startedProcess.pid)) === startedProcess.processStart;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
    return (await fetch(`http://${LOOPBACK}:${port}/_localstack/health`, { signal })).ok;
  } catch {
    return false;
  }
}

function refuse(problem: string, logFile: string): never {
  throw new LocalRefusal(
    `ministack ${problem}; the end of its log (${logFile}) usually shows the reason. Otherwise, run npm run local -- down, remove the folder .jobtree and try again\n${tail(readFileSync(logFile, 'utf8'))}`,
  );
}

/**
 * Returns the complete environment of MiniStack and its functions. Only PATH comes from the caller, so
 * neither NODE_OPTIONS nor real credentials reach a function. HOME is an empty folder for the same reason
 * (~/.aws).
 */
function ministackEnv(port: number, tempDir: string): NodeJS.ProcessEnv {
  return {
    PATH: projectPath(),
    HOME: tempDir,
    TMPDIR: tempDir,
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    GATEWAY_PORT: String(port),
    BIND_HOST: LOOPBACK,
    MINISTACK_REGION: REGION,
    LAMBDA_EXECUTOR: 'local',
    // Nothing is stored on disk: an emulator starts empty, and tests do not affect each other.
    PERSIST_STATE: '0',
    S3_PERSIST: '0',
    STATE_DIR: join(tempDir, 'state'),
    S3_DATA_DIR: join(tempDir, 's3'),
    // These listeners use fixed ports, which would prevent a second emulator.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // Prevents access to Docker and to other containers.
    DOCKER_HOST: `unix://${join(tempDir, 'no-docker.sock')}`,
  };
}

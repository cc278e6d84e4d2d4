import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from '../command.ts';
import { projectPath, REGION } from '../local-aws.ts';
import { LocalRefusal } from '../local-refusal.ts';
import { LOOPBACK } from './port.ts';
import { processStart } from './process-group.ts';

/** A MiniStack process; with the time of its start, its pid can't be mistaken for another program's. */
export interface StartedProcess {
  readonly pid: number;
  readonly processStart: string;
  readonly port: number;
}

export interface SpawnOptions {
  /** Of the environment that MiniStack is installed in. */
  readonly python: string;
  readonly port: number;
  /** Holds all that it and its functions write. */
  readonly tempDir: string;
  readonly logFile: string;
}

const START_DEADLINE_MS = 60_000;
const ANSWER_WITHIN_MS = 2000;
const LOOK_AGAIN_MS = 50;

/** Starts MiniStack as leader of its own process group: it outlives the caller, and ends together with its children. */
export async function spawnMinistack({
  python,
  port,
  tempDir,
  logFile,
}: SpawnOptions): Promise<StartedProcess> {
  const log = openSync(logFile, 'w');
  // MiniStack writes CommonJS below it; a package.json of somebody else further up could make that ES modules.
  writeFileSync(join(tempDir, 'package.json'), '{"type":"commonjs"}');
  const child = spawn(python, ['-m', 'ministack'], {
    cwd: tempDir,
    env: ministackEnv(port, tempDir),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const started = child.pid && (await processStart(child.pid));
  if (child.pid && started) return { pid: child.pid, processStart: started, port };
  return refuse('could not be started', logFile);
}

/** Waits until MiniStack answers; refuses with the end of its log if it ends or stays silent instead. */
export async function untilHealthy(started: StartedProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isHealthy(started.port))) {
    if (!(await isAlive(started))) refuse('ended during its start', logFile);
    if (Date.now() > deadline)
      refuse(`is silent on port ${started.port} for ${START_DEADLINE_MS / 1000} s`, logFile);
    await sleep(LOOK_AGAIN_MS);
  }
}

export async function isAlive(started: StartedProcess): Promise<boolean> {
  return (await processStart(started.pid)) === started.processStart;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return (await fetch(`http://${LOOPBACK}:${port}/_localstack/health`, { signal })).ok;
  } catch {
    return false;
  }
}

function refuse(what: string, logFile: string): never {
  throw new LocalRefusal(
    `ministack ${what}; the end of its log (${logFile}) should say why. If it doesn't: npm run local -- down, remove the folder .jobtree, try again\n${tail(readFileSync(logFile, 'utf8'))}`,
  );
}

/**
 * All that MiniStack and the functions it runs get to see: nothing of the caller's environment but PATH, so neither
 * NODE_OPTIONS nor real credentials leak into a function. HOME is an empty folder for the same reason (~/.aws).
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
    // Nothing is kept on disk: an emulator begins empty, and tests can't see each other.
    PERSIST_STATE: '0',
    S3_PERSIST: '0',
    STATE_DIR: join(tempDir, 'state'),
    S3_DATA_DIR: join(tempDir, 's3'),
    // Listeners on fixed ports of their own would keep a second emulator from starting.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // No Docker is asked for, nor are containers of others looked over.
    DOCKER_HOST: `unix://${join(tempDir, 'no-docker.sock')}`,
  };
}

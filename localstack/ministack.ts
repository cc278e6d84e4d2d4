import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './command.ts';
import type { Emulator, EmulatorTarget } from './emulator.ts';
import { projectPath, REGION, STATE_ROOT } from './local-aws.ts';
import { LocalRefusal } from './local-refusal.ts';
import { assertPortFree, configuredPort, freePort, LOOPBACK } from './port.ts';
import { endProcessGroup, processStart } from './process-group.ts';
import { ministackPython } from './python.ts';

export interface StartOptions {
  /** Names the state folder and stands in its messages. @default 'ministack' */
  readonly name?: string;
  /** 0 takes any free port. @default JOBTREE_PORT, else 4566 */
  readonly port?: number;
  /** @default .jobtree/<name> */
  readonly stateDir?: string;
  /** Where progress is told. @default stderr */
  readonly say?: (text: string) => void;
}

export interface OwnEmulator extends Emulator {
  /** Ends the emulator with the processes of its functions; what it held is gone. */
  stop(): Promise<void>;
}

/** What is on disk about a running emulator, so that another command finds it and ends it by its pid. */
interface StartedEmulator {
  readonly pid: number;
  readonly processStart: string;
  readonly port: number;
  readonly tempDir: string;
}

const STATE_FILE = 'state.json';
const LOG_FILE = 'emulator.log';
const START_DEADLINE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** MiniStack as the commands use it: found again by its state folder, started when it is down. */
export function ministackTarget(options: StartOptions = {}): EmulatorTarget {
  const stateDir = stateDirOf(options);
  return {
    kind: 'ministack',
    find: () => findEmulator(stateDir),
    up: async () => (await findEmulator(stateDir)) ?? startEmulator(options),
    down: async () => {
      const running = await findEmulator(stateDir);
      await running?.stop();
      return running ? `ministack on ${running.endpoint} has ended` : 'ministack was not running';
    },
  };
}

/** Starts a MiniStack that holds nothing yet, in a process group of its own that outlives the caller. */
export async function startEmulator(options: StartOptions = {}): Promise<OwnEmulator> {
  const { name = 'ministack', say = console.error } = options;
  const stateDir = stateDirOf(options);
  const python = await ministackPython(say);
  const port = options.port === 0 ? await freePort() : (options.port ?? configuredPort());
  await assertPortFree(port);
  mkdirSync(stateDir, { recursive: true });
  // Outside the checkout: its package.json ("type": "module") and node_modules would change how functions load.
  const tempDir = mkdtempSync(join(tmpdir(), `jobtree-${name}-`));
  const logFile = join(stateDir, LOG_FILE);
  const log = openSync(logFile, 'w');
  const child = spawn(python, ['-m', 'ministack'], {
    cwd: tempDir,
    env: ministackEnv({ port, tempDir }),
    detached: true,
    stdio: ['ignore', log, log],
  });
  await untilHealthy(child, port, logFile);
  child.unref();
  const pid = child.pid ?? 0;
  const started = { pid, processStart: (await processStart(pid)) ?? '', port, tempDir };
  writeFileSync(join(stateDir, STATE_FILE), JSON.stringify(started));
  return asEmulator(started, stateDir);
}

/** The emulator that an earlier command started with this state folder, if it is still up. */
export async function findEmulator(stateDir: string): Promise<OwnEmulator | undefined> {
  const started = readState(stateDir);
  if (!started || (await processStart(started.pid)) !== started.processStart) return undefined;
  return asEmulator(started, stateDir);
}

function asEmulator(started: StartedEmulator, stateDir: string): OwnEmulator {
  return {
    kind: 'ministack',
    endpoint: `http://${LOOPBACK}:${started.port}`,
    instance: `${started.pid}@${started.processStart}`,
    stateDir,
    stop: async () => {
      await endProcessGroup(started.pid);
      rmSync(join(stateDir, STATE_FILE), { force: true });
      rmSync(started.tempDir, { recursive: true, force: true });
    },
  };
}

/**
 * All that MiniStack and the functions it runs get to see: nothing of the caller's environment but PATH, so neither
 * NODE_OPTIONS nor real credentials leak into a function. HOME is empty for the same reason (~/.aws).
 */
function ministackEnv({ port, tempDir }: { port: number; tempDir: string }): NodeJS.ProcessEnv {
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
    LOG_LEVEL: 'INFO',
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

async function untilHealthy(child: ChildProcess, port: number, logFile: string): Promise<void> {
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = `could not be started: ${error.message}`;
  });
  child.on('exit', (code, signal) => {
    failure = `ended during its start with ${signal ?? `code ${code}`}`;
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!failure && !(await isHealthy(port))) {
    if (Date.now() > deadline)
      failure = `did not answer on port ${port} within ${START_DEADLINE_MS / 1000} s`;
    else await sleep(LOOK_AGAIN_MS);
  }
  if (!failure) return;
  if (child.pid) await endProcessGroup(child.pid);
  throw new LocalRefusal(
    `ministack ${failure}; the last lines of its log (${logFile}) say why. Remove .jobtree and try again if they don't help:\n${tail(readFileSync(logFile, 'utf8'))}`,
  );
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${LOOPBACK}:${port}/_localstack/health`, {
      signal: AbortSignal.timeout(2000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

function readState(stateDir: string): StartedEmulator | undefined {
  try {
    return JSON.parse(readFileSync(join(stateDir, STATE_FILE), 'utf8')) as StartedEmulator;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function stateDirOf({ name = 'ministack', stateDir }: StartOptions): string {
  return stateDir ?? join(STATE_ROOT, name);
}

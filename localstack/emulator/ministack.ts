import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATE_ROOT } from '../local-aws.ts';
import type { Emulator, EmulatorTarget } from './emulator.ts';
import { isAlive, type StartedProcess, spawnMinistack, untilHealthy } from './ministack-process.ts';
import { assertPortFree, configuredPort, freePort, LOOPBACK } from './port.ts';
import { endProcessGroup } from './process-group.ts';
import { ministackPython } from './python.ts';

export interface StartOptions {
  /** Name of the state folder. @default 'ministack' */
  readonly name?: string;
  /** 0 selects any free port. @default JOBTREE_PORT, else 4566 */
  readonly port?: number;
  /** @default .jobtree/<name> */
  readonly stateDir?: string;
  /** Receives progress messages. @default stderr */
  readonly onProgress?: (text: string) => void;
}

export interface OwnEmulator extends Emulator {
  /** Ends the emulator and the processes of its functions. Its data is lost. */
  stop(): Promise<void>;
}

/** Stored on disk, so that another command can find the emulator and end it by its pid. */
interface StartedEmulator extends StartedProcess {
  readonly tempDir: string;
}

const STATE_FILE = 'state.json';
const LOG_FILE = 'emulator.log';

/** MiniStack for the commands: found by its state folder, and started if it is not running. */
export function ministackTarget(options: StartOptions = {}): EmulatorTarget {
  const stateDir = stateDirOf(options);
  return {
    kind: 'ministack',
    find: () => findEmulator(stateDir),
    up: async () => (await findEmulator(stateDir)) ?? startEmulator(options),
    down: async () => {
      const runningEmulator = await readLive(stateDir);
      if (!runningEmulator) return 'ministack was not running';
      await stopEmulator(runningEmulator, stateDir);
      return `ministack on port ${runningEmulator.port} has ended`;
    },
  };
}

/** Starts an empty MiniStack, which keeps running after the caller has ended. */
export async function startEmulator(options: StartOptions = {}): Promise<OwnEmulator> {
  const { name = 'ministack', onProgress = console.error } = options;
  const stateDir = stateDirOf(options);
  const logFile = join(stateDir, LOG_FILE);
  const python = await ministackPython(onProgress);
  const port = options.port === 0 ? await freePort() : (options.port ?? configuredPort());
  await assertPortFree(port);
  mkdirSync(stateDir, { recursive: true });
  removeTraces(readState(stateDir), stateDir);
  // Outside the checkout, whose package.json ("type": "module") and node_modules would change how functions
  // load.
  const tempDir = mkdtempSync(join(tmpdir(), `jobtree-${name}-`));
  const runningEmulator = { ...(await spawnMinistack({ python, port, tempDir, logFile })), tempDir };
  // Written before MiniStack responds, so that it can be ended even if its start is interrupted.
  writeFileSync(join(stateDir, STATE_FILE), JSON.stringify(runningEmulator));
  try {
    await untilHealthy(runningEmulator, logFile);
  } catch (error) {
    await stopEmulator(runningEmulator, stateDir);
    throw error;
  }
  return asEmulator(runningEmulator, stateDir);
}

/** Returns the emulator that an earlier command started with this state folder, if it is still running. */
export async function findEmulator(stateDir: string): Promise<OwnEmulator | undefined> {
  const runningEmulator = await readLive(stateDir);
  if (!runningEmulator) return undefined;
  await untilHealthy(runningEmulator, join(stateDir, LOG_FILE));
  return asEmulator(runningEmulator, stateDir);
}

function asEmulator(runningEmulator: StartedEmulator, stateDir: string): OwnEmulator {
  return {
    kind: 'ministack',
    endpoint: `http://${LOOPBACK}:${runningEmulator.port}`,
    instance: `${runningEmulator.pid}@${runningEmulator.processStart}`,
    stateDir,
    stop: () => stopEmulator(runningEmulator, stateDir),
  };
}

async function stopEmulator(runningEmulator: StartedEmulator, stateDir: string): Promise<void> {
  if (await isAlive(runningEmulator)) await endProcessGroup(runningEmulator.pid);
  removeTraces(runningEmulator, stateDir);
}

function removeTraces(runningEmulator: StartedEmulator | undefined, stateDir: string): void {
  rmSync(join(stateDir, STATE_FILE), { force: true });
  if (runningEmulator) rmSync(runningEmulator.tempDir, { recursive: true, force: true });
}

async function readLive(stateDir: string): Promise<StartedEmulator | undefined> {
  const runningEmulator = readState(stateDir);
  return runningEmulator && (await isAlive(runningEmulator)) ? runningEmulator : undefined;
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

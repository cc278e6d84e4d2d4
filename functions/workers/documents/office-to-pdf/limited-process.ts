import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { confinedCommand } from './confinement.ts';
import { groupUsage } from './group-usage.ts';

export interface ProcessLimits {
  /** Maximum CPU time of the process and its children. */
  readonly cpuSeconds: number;
  /** Maximum time by the clock. It also ends a process that waits forever. */
  readonly wallSeconds: number;
  /** Maximum resident memory of the process and its children. */
  readonly memoryBytes: number;
  /** Maximum size of each file that the process writes. */
  readonly fileBytes: number;
  readonly signal: AbortSignal;
}

/** End of a process: its own, or at a limit. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly messages: string }
  /** `by` is the signal of a crash. */
  | { readonly kind: 'crashed'; readonly by: string; readonly messages: string }
  | { readonly kind: 'limit'; readonly of: 'cpu' | 'wall' | 'memory' | 'file' }
  /** The launcher is missing. */
  | { readonly kind: 'not started'; readonly cause: unknown };

/** Only these values reach the process, so credentials of the function do not. */
export type ProcessEnvironment = Readonly<Record<string, string>>;

const WATCH_MILLIS = 200;
const KILL_POLL_MILLIS = 10;
/** A process that no one collects stays in the table of processes, although it is dead. */
const MAX_KILL_POLLS = 100;
const MAX_MESSAGE_CHARACTERS = 2_000;
/** Shells and LibreOffice's launcher report the signal that ended their child as 128 plus its number. */
const SIGNAL_BASE = 128;
const SIGXFSZ = 25;
/** Memory that a process may reserve, compared with what it may use. LibreOffice reserves stacks and buffers in advance. */
const RESERVED_FACTOR = 2;

/**
 * Runs a program as the leader of its own group, without network, and returns how it ended. No process of the group is left
 * afterwards. Throws the signal's reason if it is aborted.
 */
export async function runLimited(
  program: readonly string[],
  folder: string,
  { environment, ...limits }: ProcessLimits & { readonly environment: ProcessEnvironment },
): Promise<ProcessEnd> {
  limits.signal.throwIfAborted();
  const { cpuSeconds, memoryBytes, fileBytes } = limits;
  const { command, args } = confinedCommand(
    // The watch below reports the limits. The system enforces them if the watch is late.
    { cpuSeconds: cpuSeconds * 2, memoryBytes: memoryBytes * RESERVED_FACTOR, fileBytes },
    program,
  );
  const child = spawn(command, args, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const messages = collectMessages(child);
  const ended = new AbortController();
  try {
    await once(child, 'spawn');
  } catch (cause) {
    return { kind: 'not started', cause };
  }
  try {
    return await Promise.race([exitOf(child, messages), watch(child.pid ?? 0, limits, ended.signal)]);
  } finally {
    ended.abort();
    await killGroup(child);
  }
}

function collectMessages(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = `${text}${piece}`.slice(-MAX_MESSAGE_CHARACTERS);
    });
  }
  return () => text.trim();
}

async function exitOf(child: ChildProcess, messages: () => string): Promise<ProcessEnd> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal === 'SIGXFSZ' || code === SIGNAL_BASE + SIGXFSZ) return { kind: 'limit', of: 'file' };
  if (signal !== null) return { kind: 'crashed', by: signal, messages: messages() };
  if (code !== null && code > SIGNAL_BASE)
    return { kind: 'crashed', by: `signal ${code - SIGNAL_BASE}`, messages: messages() };
  return { kind: 'exited', code: code ?? 0, messages: messages() };
}

async function watch(group: number, limits: ProcessLimits, ended: AbortSignal): Promise<ProcessEnd> {
  const start = performance.now();
  const aborted = AbortSignal.any([limits.signal, ended]);
  try {
    for await (const _ of setInterval(WATCH_MILLIS, undefined, { signal: aborted })) {
      const { cpuSeconds, memoryBytes } = groupUsage(group);
      if (cpuSeconds > limits.cpuSeconds) return { kind: 'limit', of: 'cpu' };
      if (memoryBytes > limits.memoryBytes) return { kind: 'limit', of: 'memory' };
      if (performance.now() - start > limits.wallSeconds * 1000) return { kind: 'limit', of: 'wall' };
    }
  } catch (error) {
    limits.signal.throwIfAborted();
    if (!ended.aborted) throw error;
  }
  return new Promise(() => undefined);
}

/** Ends every process of the group, also if the leader has ended, and waits until they are gone. */
async function killGroup({ pid }: ChildProcess): Promise<void> {
  for (let tries = 0; tries < MAX_KILL_POLLS && pid !== undefined && signalGroup(pid, 'SIGKILL'); tries += 1)
    await sleep(KILL_POLL_MILLIS);
}

/** Returns false if the group has no processes. */
function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../command.ts';

const GRACE_MS = 3000;
const POLL_INTERVAL_MS = 50;

/**
 * Returns the start time of a process from the system; `undefined` if there is none. A pid alone is not
 * sufficient: after a reboot or a long time, another program may have it.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!exists(pid)) return undefined;
  if (process.platform !== 'linux') {
    const { code, output } = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return code === 0 ? output.trim() : undefined;
  }
  const stat = statFields(pid);
  return stat && stat.state !== 'Z' ? stat.startTicks : undefined;
}

/** Ends a process that leads its own group, with all its children: first with SIGTERM, then with SIGKILL. */
export async function endProcessGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  if (await groupEnds(pid)) return;
  signalGroup(pid, 'SIGKILL');
  await groupEnds(pid);
}

async function groupEnds(pid: number): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline) {
    if (!signalGroup(pid, 0) || isZombie(pid)) return true;
    await sleep(POLL_INTERVAL_MS);
  }
  return false;
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  return sendSignal(-pid, signal);
}

function exists(pid: number): boolean {
  return sendSignal(pid, 0);
}

function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

// In a container whose init process does not reap children, an ended leader stays in the process table
// forever.
function isZombie(pid: number): boolean {
  return process.platform === 'linux' && statFields(pid)?.state === 'Z';
}

function statFields(pid: number): { state: string | undefined; startTicks: string | undefined } | undefined {
  try {
    // The second field is the program's name in parentheses, which may contain spaces and parentheses.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], startTicks: fields[19] };
  } catch {
    return undefined;
  }
}

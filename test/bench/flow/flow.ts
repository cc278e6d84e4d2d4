/** P1 and P2: a job against a BullMQ flow with as many children, each until everything is complete. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { median, micros, type Row, times } from '../row.ts';

const RIVALS = join(import.meta.dirname, '../rivals');
const OWN_FLOW = join(import.meta.dirname, 'own-flow.ts');
/** Chunks of the job, and children of the flow. */
const CHUNKS = 50_000;
const SIZES = [1, 25, 100];
const ROUNDS = 3;
/** Unit of the CPU times in /proc, on all Linux systems. */
const MICROS_PER_TICK = 10_000;

interface Run {
  readonly seconds: number;
  readonly cpuMicros: number;
}

/** CPU time of another process. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK;
}

/** Runs a program and adds the CPU time that its server took meanwhile. */
async function measured(server: ChildProcess, ...parameters: readonly string[]): Promise<Run> {
  const before = cpuOf(server);
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  const { seconds, cpuMicros } = JSON.parse(stdout);
  return { seconds, cpuMicros: cpuMicros + cpuOf(server) - before };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startQueues(): Promise<{ server: ChildProcess; port: string }> {
  const server = spawn(process.execPath, [join(RIVALS, 'sqs-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(server.stdout, 'data');
  return { server, port: String(output).trim() };
}

async function startRedis(): Promise<{ server: ChildProcess; port: string }> {
  const port = String(await freePort());
  const server = spawn('redis-server', ['--port', port, '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  await sleep(1_000);
  return { server, port };
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Interleaved, medians of three. Needs `redis-server`. */
export async function measureFlow(): Promise<Row[]> {
  if (!hasRedis()) {
    console.log('P1, P2  skipped: redis-server is not installed');
    return [];
  }
  if (!existsSync(join(RIVALS, 'node_modules')))
    execFileSync('npm', ['ci'], { cwd: RIVALS, stdio: ['ignore', 2, 2] });
  const queues = await startQueues();
  const redis = await startRedis();
  const own = new Map<number, Run[]>(SIZES.map((size) => [size, []]));
  const rival: Run[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      rival.push(await measured(redis.server, join(RIVALS, 'bullmq-flow.mjs'), redis.port, String(CHUNKS)));
      for (const [size, runs] of own)
        runs.push(await measured(queues.server, OWN_FLOW, queues.port, String(CHUNKS * size), String(size)));
    }
  } finally {
    for (const { server } of [queues, redis]) server.kill();
  }
  return SIZES.map((size) => rowOf(size, own.get(size) ?? [], rival));
}

/** Counts a child of the flow as many items as a chunk has. */
function rowOf(size: number, own: readonly Run[], rival: readonly Run[]): Row {
  const items = CHUNKS * size;
  const rateOf = (runs: readonly Run[]) => items / median(runs.map(({ seconds }) => seconds));
  const cpuOfItem = (runs: readonly Run[]) => median(runs.map(({ cpuMicros }) => cpuMicros)) / items;
  const rate = rateOf(own) / rateOf(rival);
  const share = cpuOfItem(own) / cpuOfItem(rival);
  const [minRate, maxShare] = size === 1 ? [1.5, 0.65] : [1, 0.75];
  return {
    id: size === 1 ? 'P1' : 'P2',
    what: `${items.toLocaleString('en')} items end to end, K = ${size}, CPU of all processes, table and objects in memory`,
    measured: `${Math.round(rateOf(own)).toLocaleString('en')} items/s (${times(rate)}), ${micros(cpuOfItem(own))} an item (${times(share)})`,
    reference: `BullMQ flow on redis: ${Math.round(rateOf(rival)).toLocaleString('en')} items/s, ${micros(cpuOfItem(rival))}`,
    goal: `≥ ${minRate} ×, ≤ ${maxShare} ×`,
    isMet: rate >= minRate && share <= maxShare,
  };
}

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LeasedMessage } from '../../../functions/aws/lease/lease-messages.ts';
import { Leases } from '../../../functions/aws/lease/leases.ts';
import type { ReceivedRequest } from './queue-server.ts';

const TIMES = { firstMillis: 100, seconds: 55, renewMillis: 300 };

let server: Worker;
let endpoint: string;
let received: ReceivedRequest[] = [];

beforeAll(async () => {
  server = new Worker(new URL('./queue-server.ts', import.meta.url));
  const [{ address }] = await once(server, 'message');
  endpoint = `http://127.0.0.1:${address.port}`;
  server.on('message', (request: ReceivedRequest) => received.push(request));
});

beforeEach(() => {
  received = [];
  for (const [name, value] of Object.entries(awsVariables())) vi.stubEnv(name, value);
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  await server.terminate();
});

function awsVariables() {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

const queueUrl = () => `${endpoint}/000000000000/work`;

function messages(count: number): LeasedMessage[] {
  return Array.from({ length: count }, (_, at) => ({
    queueUrl: queueUrl(),
    receipt: `r${at}`,
    receiveCount: 1,
    body: `b${at}`,
  }));
}

function someLeases(options: { readonly file?: URL } = {}) {
  const warnings: string[] = [];
  const counted: (readonly string[])[] = [];
  const log = {
    info: () => undefined,
    alarm: () => undefined,
    warn: (message: string) => void warnings.push(message),
  };
  const leases = new Leases({
    log,
    times: TIMES,
    countRequest: (bodies) => void counted.push(bodies),
    ...options,
  });
  return { leases, warnings, counted };
}

/** Keeps the main thread busy, as the code of a worker may do. */
function block(millis: number): void {
  for (const end = Date.now() + millis; Date.now() < end; );
}

const seconds = ({ entries }: ReceivedRequest) => entries.map((entry) => entry.seconds);

describe('an invocation', () => {
  test('that is short costs no request', async () => {
    const { leases } = someLeases();

    await leases.begin(messages(3)).end();
    await sleep(2 * TIMES.firstMillis);

    expect(received).toEqual([]);
  });

  test('that lasts longer hides its messages for the time of a lease, ten in a request', async () => {
    const { leases, counted } = someLeases();
    const lease = leases.begin(messages(12));
    await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(2), 5_000);
    await lease.end();

    const sizes = received.slice(0, 2).map(({ entries }) => entries.length);
    expect(sizes.sort((one, other) => other - one)).toEqual([10, 2]);
    expect(new Set(received.flatMap(seconds))).toEqual(new Set([55]));
    expect(received[0]).toMatchObject({ operation: 'ChangeMessageVisibilityBatch', queueUrl: queueUrl() });
    expect(counted).toHaveLength(received.length);
    expect(counted[0]).toHaveLength(12);
  });

  test('that keeps its thread busy stays leased', async () => {
    const { leases } = someLeases();
    const lease = leases.begin(messages(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), 5_000);
    const begin = Date.now();
    block(1_500);
    const end = Date.now();
    await lease.end();

    expect(received.filter(({ at }) => at > begin && at <= end).length).toBeGreaterThanOrEqual(3);
  });

  test('that has ended renews nothing', async () => {
    const { leases } = someLeases();
    const lease = leases.begin(messages(1));
    await vi.waitFor(() => expect(received).toHaveLength(1), 5_000);
    await lease.end();
    const count = received.length;
    await sleep(3 * TIMES.renewMillis);

    expect(received).toHaveLength(count);
  });

  test('continues without a lease if the thread fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jobtree-lease-'));
    const file = join(folder, 'thread.mjs');
    writeFileSync(file, "throw new Error('broken');");
    const { leases, warnings } = someLeases({ file: pathToFileURL(file) });
    const lease = leases.begin(messages(1));
    await vi.waitFor(() => expect(warnings).toEqual(['leases end, because their thread failed']), 5_000);

    await lease.end();
    expect(received).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('of a bundle without the file of the thread has no lease', async () => {
    const { leases, warnings } = someLeases({ file: new URL('./missing.mjs', import.meta.url) });
    const lease = leases.begin(messages(1));
    await sleep(2 * TIMES.firstMillis);

    await lease.end();
    expect([received, warnings]).toEqual([[], []]);
  });
});

describe('a process that ends during an invocation', () => {
  function ending(how: string) {
    const file = fileURLToPath(new URL('./exiting.ts', import.meta.url));
    return spawnSync(process.execPath, [file, how, queueUrl()], {
      encoding: 'utf8',
      env: { ...process.env, ...awsVariables() },
    });
  }

  test.each(['exit', 'throw', 'reject'])('by %s returns its messages soon', async (how) => {
    const { status, stderr } = ending(how);
    await vi.waitFor(() => expect(received, stderr).toHaveLength(1), 1_000);

    expect(status).not.toBe(0);
    const [request] = received;
    expect(request?.entries.map(({ receipt }) => receipt)).toEqual(['one', 'two']);
    for (const one of request === undefined ? [] : seconds(request)) {
      expect(one).toBeGreaterThanOrEqual(3);
      expect(one).toBeLessThanOrEqual(5);
    }
  });

  test('after its messages are done returns nothing', async () => {
    const { status, stderr } = ending('done');

    expect(status, stderr).toBe(0);
    expect(received).toEqual([]);
  });
});

/**
 * `npm run bench`: a job of 30,000 items on an emulator of its own, and beside it, in the same run, what the same
 * number of messages takes through nothing but SQS and a function that does nothing. Interleaved, medians of 3.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deployStack } from '../../localstack/deployment.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { restBase } from '../../localstack/emulator.ts';
import { localClient } from '../../localstack/local-aws.ts';
import { startEmulator } from '../../localstack/ministack.ts';
import { signToken } from '../../localstack/token.ts';

const ITEMS = 30_000;
const ITEMS_PER_TASK = 25;
const MESSAGES = ITEMS / ITEMS_PER_TASK;
const ROUNDS = 3;

interface Service {
  readonly url: string;
  readonly token: string;
}

async function call({ url, token }: Service, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

async function runJob(service: Service, path: string): Promise<void> {
  const batch = {
    splitter: 'range',
    definition: { from: 0, to: ITEMS },
    worker: 'rehearse',
    itemsPerTask: ITEMS_PER_TASK,
  };
  await call(service, 'PUT', path, { batch });
  for (;;) {
    const status = await (await call(service, 'GET', `${path}/status`)).json();
    if (status === 'Completed') return;
    if (status !== 'Waiting' && status !== 'Active') throw new Error(`the job ended as ${status}`);
    await pause(200);
  }
}

async function runBare(sqs: SQSClient, queueUrl: string): Promise<void> {
  const body = JSON.stringify({ v: 1, kind: 'chunk', range: { from: 0, step: 1, count: ITEMS_PER_TASK } });
  for (let sent = 0; sent < MESSAGES; sent += 10) {
    const entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: body }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
  for (;;) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    const open = Number(Attributes['ApproximateNumberOfMessages']);
    if (open + Number(Attributes['ApproximateNumberOfMessagesNotVisible']) === 0) return;
    await pause(200);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function costPerItem(service: Service, path: string) {
  const { services } = (await (await call(service, 'GET', `${path}/cost`)).json()) as {
    services: Record<string, Record<string, { count: number }>>;
  };
  const counts = Object.values(services).flatMap(Object.entries);
  return counts.map(([operation, { count }]) => ({
    operation,
    'per item': (count / ITEMS).toFixed(5),
    'per chunk': (count / MESSAGES).toFixed(4),
  }));
}

const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-bench-'));
const emulator = await startEmulator({ name: 'bench', port: 0, stateDir });
try {
  const { endpoint } = emulator;
  const outputs = await deployStack({ endpoint, stateDir });
  const bare = await deployStack({
    endpoint,
    stateDir: join(stateDir, 'bare'),
    stackName: 'jobtree-bare',
    appDir: join(import.meta.dirname, 'bare'),
  });
  const service: Service = {
    url: restBase({ kind: 'ministack', endpoint }, outputs['ApiId'] ?? ''),
    token: signToken({ partitions: ['bench'], role: 'operator' }, developmentKey()),
  };
  const sqs = new SQSClient(localClient(endpoint));
  const jobs: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    jobs.push(await seconds(() => runJob(service, `/partitions/bench/jobs/round-${round}`)));
    floors.push(await seconds(() => runBare(sqs, bare['QueueUrl'] ?? '')));
  }
  console.log(
    `${ITEMS} items through rehearse, ${ITEMS_PER_TASK} a task, from PUT to Completed, on the emulator:`,
  );
  console.table([
    { what: 'job', 'median s': median(jobs).toFixed(1), all: jobs.map((s) => s.toFixed(1)).join(' ') },
    {
      what: `bare SQS → Lambda, ${MESSAGES} messages`,
      'median s': median(floors).toFixed(1),
      all: floors.map((s) => s.toFixed(1)).join(' '),
    },
  ]);
  console.log('counted operations of the last job:');
  console.table(await costPerItem(service, `/partitions/bench/jobs/round-${ROUNDS - 1}`));
  console.log(
    JSON.stringify({
      items: ITEMS,
      jobSeconds: median(jobs),
      bareSeconds: median(floors),
      ratio: median(jobs) / median(floors),
    }),
  );
} finally {
  await emulator.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

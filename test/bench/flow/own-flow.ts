/**
 * A job from its creation to Completed: `node own-flow.ts <port of SQS> <items> <items per task>`. The real functions run
 * over the signed client and real HTTP requests to the queues. Pollers do what Lambda's do. Table and objects are in memory.
 */
import { Agent, request } from 'node:http';
import { z } from 'zod';
import { splitMessage } from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { Meter } from '#core/meter.ts';
import { sqsQueues } from '../../../functions/aws/queues.ts';
import { servicesFor } from '../../../functions/aws/services.ts';
import { dispatchJobs } from '../../../functions/dispatch-jobs/dispatch-jobs.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { runInvocation } from '../../../functions/kit/run-invocation.ts';
import { splitBatch } from '../../../functions/split-batch/split-batch.ts';
import { range } from '../../../functions/split-batch/splitters/range.ts';
import { readJob, readStatus } from '../../../functions/store/jobs.ts';
import { trackResults } from '../../../functions/track-results/track-results.ts';
import { JOB, meteredService, submit } from '../../simulation/metered-service.ts';

const [port = 0, items = 0, itemsPerTask = 0] = process.argv.slice(2).map(Number);
const WORKER_POLLERS = 4;
const TRACKER_POLLERS = 2;
const MAX_TRACKED = 1_000;
const WINDOW_MILLIS = 1_000;

const agent = new Agent({ keepAlive: true });
const endpoint = `http://127.0.0.1:${port}`;
const urlOf = (name: string) => `${endpoint}/000000000000/${name}`;

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** A request of Lambda's poller. It is not part of the functions, so it is as small as possible. */
function sqs(operation: string, input: object): Promise<{ Messages?: Message[] }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    };
    const sent = request(endpoint, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text || '{}'));
        else reject(new Error(`${operation}: ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(input));
  });
}

const run = `${process.pid}`;
const names = {
  split: `split-${run}`,
  results: `results-${run}`,
  reports: `reports-${run}`,
  work: `work-${run}`,
};
for (const QueueName of Object.values(names)) await sqs('CreateQueue', { QueueName });

const service = meteredService();
const services = servicesFor({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});
const queues = sqsQueues(services.sqs, {
  split: urlOf(names.split),
  results: urlOf(names.results),
  reports: urlOf(names.reports),
  workers: { work: urlOf(names.work) },
});
const ports = { ...service.ports, queues, meter: new Meter() };
const split = splitBatch({ ...ports, splitters: [range] });
const worker = defineWorker({ name: 'work', parameters: z.unknown(), run: () => undefined });
const work = runInvocation(worker, {
  ...ports,
  readStatus: (job) => readStatus(ports.table, job, { strong: true }),
});
const track = trackResults(ports);
const dispatch = dispatchJobs(ports);

let isDone = false;
/** Time at which the job was completed. The pollers then still wait for their last receive. */
let end = 0;

async function receive(queue: string): Promise<readonly Message[]> {
  const input = { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
  return (await sqs('ReceiveMessage', input)).Messages ?? [];
}

const NONE: ReadonlySet<string> = new Set();

/** Failed messages stay in the queue. */
async function remove(queue: string, messages: readonly Message[], failed = NONE): Promise<void> {
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
  for (let at = 0; at < done.length; at += 10) {
    const Entries = done
      .slice(at, at + 10)
      .map(({ ReceiptHandle }, position) => ({ Id: String(position), ReceiptHandle }));
    await sqs('DeleteMessageBatch', { QueueUrl: urlOf(queue), Entries });
  }
}

async function pollSplit(): Promise<void> {
  while (!isDone) {
    const messages = await receive(names.split);
    for (const { Body } of messages) {
      const parsed = parseMessage(splitMessage, Body);
      if (parsed.ok) await split(parsed.message, () => false);
    }
    await remove(names.split, messages);
  }
}

async function pollWork(): Promise<void> {
  const { signal } = new AbortController();
  while (!isDone) {
    const messages = await receive(names.work);
    if (messages.length === 0) continue;
    const { failed } = await work(
      messages.map(({ MessageId: id, Body: body }) => ({ id, body, receiveCount: 1 })),
      signal,
    );
    await remove(names.work, messages, failed);
  }
}

/** Collects messages for a second, or up to the size of a batch. */
async function pollTracker(queue: string, origin: 'service' | 'workers'): Promise<void> {
  while (!isDone) {
    const messages: Message[] = [];
    const windowEnd = performance.now() + WINDOW_MILLIS;
    while (messages.length < MAX_TRACKED && performance.now() < windowEnd && !isDone)
      messages.push(...(await receive(queue)));
    if (messages.length === 0) continue;
    const { failed } = await track(messages.map(({ MessageId: id, Body: body }) => ({ id, body, origin })));
    await remove(queue, messages, failed);
    if (isDone || (await readJob(ports.table, JOB))?.status !== 'Completed') continue;
    isDone = true;
    end = performance.now();
  }
}

const before = process.cpuUsage();
const begin = performance.now();
await submit(service, items / itemsPerTask, { itemsPerTask });
for (const { new: row } of service.world.table.takeChanges())
  if (row?.['followUp'] !== undefined) await dispatch(row, () => false);
await Promise.all([
  pollSplit(),
  ...Array.from({ length: WORKER_POLLERS }, pollWork),
  pollTracker(names.results, 'service'),
  ...Array.from({ length: TRACKER_POLLERS }, () => pollTracker(names.reports, 'workers')),
]);
const seconds = (end - begin) / 1_000;
const { user, system } = process.cpuUsage(before);
const job = await readJob(ports.table, JOB);
if (job?.totals?.items !== items) throw new Error(`the job has ${job?.totals?.items} of ${items} items`);
process.stdout.write(JSON.stringify({ seconds, cpuMicros: user + system }), () => process.exit());

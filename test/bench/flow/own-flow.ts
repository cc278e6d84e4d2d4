/**
 * A job from its creation to Completed: `node own-flow.ts <port of SQS> <items> <items per task>`. The real
 * functions run over the signed client and real HTTP requests to the queues. Pollers do what Lambda's do. Table and objects
 * are in memory.
 */
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
import { type Message, SqsConnection } from './sqs-connection.ts';

const [port = 0, items = 0, itemsPerTask = 0] = process.argv.slice(2).map(Number);
const WORKER_POLLERS = 4;
const TRACKER_POLLERS = 2;
const MAX_TRACKED = 1_000;
const WINDOW_MILLIS = 1_000;

const endpoint = `http://127.0.0.1:${port}`;
const urlOf = (name: string) => `${endpoint}/000000000000/${name}`;

const run = `${process.pid}`;
const names = {
  split: `split-${run}`,
  results: `results-${run}`,
  reports: `reports-${run}`,
  work: `work-${run}`,
};
const first = new SqsConnection(port);
for (const name of Object.values(names)) await first.createQueue(name);

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
const worker = defineWorker({ name: 'work', parameters: z.unknown(), run: async () => undefined });
const work = runInvocation(worker, {
  ...ports,
  readStatus: (job) => readStatus(ports.table, job, { strong: true }),
});
const track = trackResults(ports);
const dispatch = dispatchJobs(ports);

let isDone = false;
/** Time at which the job was completed. The pollers then still wait for their last receive. */
let end = 0;

async function pollSplit(): Promise<void> {
  const sqs = new SqsConnection(port);
  while (!isDone) {
    const messages = await sqs.receive(urlOf(names.split));
    for (const { Body } of messages) {
      const parsed = parseMessage(splitMessage, Body);
      if (parsed.ok) await split(parsed.message, () => false);
    }
    await sqs.remove(urlOf(names.split), messages);
  }
}

async function pollWork(): Promise<void> {
  const sqs = new SqsConnection(port);
  const { signal } = new AbortController();
  while (!isDone) {
    const messages = await sqs.receive(urlOf(names.work));
    if (messages.length === 0) continue;
    const { failed } = await work(
      messages.map(({ MessageId: id, Body: body }) => ({ id, body, receiveCount: 1 })),
      signal,
    );
    await sqs.remove(urlOf(names.work), messages, failed);
  }
}

/** Collects messages for a second, or up to the size of a batch. */
async function pollTracker(queue: string, origin: 'service' | 'workers'): Promise<void> {
  const sqs = new SqsConnection(port);
  while (!isDone) {
    const messages: Message[] = [];
    const windowEnd = performance.now() + WINDOW_MILLIS;
    while (messages.length < MAX_TRACKED && performance.now() < windowEnd && !isDone)
      messages.push(...(await sqs.receive(urlOf(queue))));
    if (messages.length === 0) continue;
    const { failed } = await track(messages.map(({ MessageId: id, Body: body }) => ({ id, body, origin })));
    await sqs.remove(urlOf(queue), messages, failed);
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

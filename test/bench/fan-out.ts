/**
 * Runs a job of 30,000 items. For comparison, sends the same number of messages through only SQS and a
 * function.
 */
import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { call, median, pause, type Service, seconds } from './service.ts';

const ITEMS = 30_000;
const ITEMS_PER_TASK = 25;
const MESSAGES = ITEMS / ITEMS_PER_TASK;
const ROUNDS = 3;

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
  for (let sentCount = 0; sentCount < MESSAGES; sentCount += 10) {
    const entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: body }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
  for (;;) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    const openCount = Number(Attributes['ApproximateNumberOfMessages']);
    if (openCount + Number(Attributes['ApproximateNumberOfMessagesNotVisible']) === 0) return;
    await pause(200);
  }
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

/** Interleaved, medians of 3. */
export async function measureFanOut(service: Service, sqs: SQSClient, bareQueueUrl: string) {
  const jobs: number[] = [];
  const bareRounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    jobs.push(await seconds(() => runJob(service, `/partitions/bench/jobs/round-${round}`)));
    bareRounds.push(await seconds(() => runBare(sqs, bareQueueUrl)));
  }
  console.log(
    `${ITEMS} items through rehearse, ${ITEMS_PER_TASK} a task, from PUT to Completed, on the emulator:`,
  );
  console.table([
    { what: 'job', 'median s': median(jobs).toFixed(1), all: jobs.map((s) => s.toFixed(1)).join(' ') },
    {
      what: `bare SQS → Lambda, ${MESSAGES} messages`,
      'median s': median(bareRounds).toFixed(1),
      all: bareRounds.map((s) => s.toFixed(1)).join(' '),
    },
  ]);
  console.log('counted operations of the last job:');
  console.table(await costPerItem(service, `/partitions/bench/jobs/round-${ROUNDS - 1}`));
  return {
    items: ITEMS,
    jobSeconds: median(jobs),
    bareSeconds: median(bareRounds),
    ratio: median(jobs) / median(bareRounds),
  };
}

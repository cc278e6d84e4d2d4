/** A job of 30,000 items, from PUT to Completed. For comparison, the same number of messages through SQS and a function only. */
import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { median, type Row, times } from '../row.ts';
import { call, completed, pause, type Service, seconds } from './service.ts';

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
  await completed(service, path);
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
    await pause(100);
  }
}

/** Interleaved, medians of three. */
export async function measureFanOut(service: Service, sqs: SQSClient, bareQueueUrl: string): Promise<Row[]> {
  const jobs: number[] = [];
  const bareRounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    jobs.push(await seconds(() => runJob(service, `/partitions/bench/jobs/round-${round}`)));
    bareRounds.push(await seconds(() => runBare(sqs, bareQueueUrl)));
  }
  const ratio = median(jobs) / median(bareRounds);
  return [
    {
      id: '–',
      what: `Fan-out of ${ITEMS.toLocaleString('en')} items, K = ${ITEMS_PER_TASK}, on the emulator`,
      measured: `${median(jobs).toFixed(1)} s, ${times(ratio)}`,
      reference: `bare SQS → Lambda, ${MESSAGES} messages: ${median(bareRounds).toFixed(1)} s`,
      goal: '≤ 1.6 ×',
      isMet: ratio <= 1.6,
    },
  ];
}

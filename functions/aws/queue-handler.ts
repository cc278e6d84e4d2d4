import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Meter } from '#core/meter.ts';
import { jobOfMessage } from '#core/metered.ts';
import { receivedRequests } from '#core/units.ts';
import type { Connected } from './connect.ts';
import type { LeasedMessage } from './lease/lease-messages.ts';
import { type Lease, Leases } from './lease/leases.ts';
import { queueNameOfArn, siblingOf } from './queue-url.ts';
import { changeVisibility, redeliverySeconds } from './visibility.ts';

export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  /** Number of times that the queue has delivered it, including this time. */
  readonly receiveCount: number;
  /** Name of the queue that delivered it. */
  readonly queue: string;
  /** Name of the queue that moved it to the dead letters. Some emulators omit it. */
  readonly deadFrom?: string;
}

/** Processes the messages of one invocation. Returns the ids of those to redeliver. */
export type QueueWork = (
  messages: readonly ReceivedMessage[],
  /** Aborted shortly before the invocation's time is up. */
  signal: AbortSignal,
) => Promise<{ failed: ReadonlySet<string> }>;

/** Reserve for sending and writing the results: a fifth of the time, up to a minute. */
const MAX_RESERVE_MILLIS = 60_000;
const RESERVE_SHARE = 0.2;

/**
 * Creates the handler of a function that receives from a queue: partial batch responses, a signal before the
 * time is up, and counted operations.
 */
export function queueHandler(work: QueueWork, ports: Connected) {
  const { meter, log, clock } = ports;
  const leases = new Leases({
    log,
    countRequest: (bodies) => countForJobs(meter, bodies, { queueRequests: 1 }),
  });
  return middy<SQSEvent, SQSBatchResponse>()
    .use({
      before: ({ event }) => {
        countReceives(meter, event.Records);
      },
    })
    .handler(async ({ Records: records }, context) => {
      const begin = clock.now();
      const lease = leases.begin(records.map((record: SQSRecord) => leasedMessage(record, ports.siblingUrl)));
      const failed = await untilEnd(lease, async () => {
        const result = await withSignal(context, (signal) => work(records.map(messageOf), signal));
        return result.failed;
      });
      await returnSoon(
        ports,
        records.filter(({ messageId }: SQSRecord) => failed.has(messageId)),
      );
      log.info('messages done', {
        messages: records.length,
        failed: failed.size,
        millis: clock.now() - begin,
      });
      return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
    });
}

function messageOf({ messageId, body, attributes, eventSourceARN }: SQSRecord): ReceivedMessage {
  const { DeadLetterQueueSourceArn: source } = attributes;
  return {
    id: messageId,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    queue: queueNameOfArn(eventSourceARN),
    ...(source === undefined ? {} : { deadFrom: queueNameOfArn(source) }),
  };
}

/** Runs `work` with a signal that is aborted shortly before Lambda would end the function. */
export async function withSignal<T>(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const millis = context.getRemainingTimeInMillis();
  const reserve = Math.min(MAX_RESERVE_MILLIS, millis * RESERVE_SHARE);
  const timer = setTimeout(() => controller.abort(), millis - reserve);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function untilEnd<T>(lease: Lease, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await lease.end();
  }
}

function leasedMessage(record: SQSRecord, siblingUrl: string): LeasedMessage {
  return {
    queueUrl: siblingOf(siblingUrl, queueNameOfArn(record.eventSourceARN)),
    receipt: record.receiptHandle,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    body: record.body,
  };
}

/**
 * Makes failed messages visible again soon. Lambda leaves them hidden for the whole visibility timeout of the queue, six
 * times the function's timeout. Best effort: if it fails, the messages return after the visibility timeout.
 */
async function returnSoon(
  { services, siblingUrl, random, log }: Connected,
  records: readonly SQSRecord[],
): Promise<void> {
  const messages = records.map((record) => leasedMessage(record, siblingUrl));
  try {
    await changeVisibility(services.sqs, messages, (message) => redeliverySeconds(message, random));
  } catch (error) {
    log.warn('messages will be redelivered late', { messages: messages.length, error: String(error) });
  }
}

/** Splits the cost of receive, delete and the invocation among the jobs whose messages arrived together. */
function countReceives(meter: Meter, records: readonly SQSRecord[]): void {
  const bodies = records.map(({ body }) => body);
  countForJobs(meter, bodies, { queueRequests: receivedRequests(records), invocations: 1 });
}

/** Splits operations equally among the messages that shared them. */
function countForJobs(
  meter: Meter,
  bodies: readonly string[],
  { queueRequests, invocations }: { readonly queueRequests: number; readonly invocations?: number },
): void {
  const share = 1 / bodies.length;
  for (const body of bodies) {
    const job = jobOfMessage(body);
    if (job === undefined) continue;
    meter.count(job, {
      queueRequests: queueRequests * share,
      ...(invocations !== undefined && { invocations: invocations * share }),
    });
  }
}

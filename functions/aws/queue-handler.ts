import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Meter } from '#core/meter.ts';
import { jobOfMessage } from '#core/metered.ts';
import { receivedRequests } from '#core/units.ts';
import type { Connected } from './connect.ts';
import { queueNameOfArn } from './queue-url.ts';
import { returnSoon } from './return-soon.ts';

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
  return middy<SQSEvent, SQSBatchResponse>()
    .use({
      before: ({ event }) => {
        countReceives(meter, event.Records);
      },
    })
    .handler(async ({ Records: records }, context) => {
      const begin = clock.now();
      const { failed } = await withSignal(context, (signal) => work(records.map(messageOf), signal));
      await returnSoon(
        { ...ports, sqs: ports.clients.sqs },
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

/** Splits the cost of receive, delete and the invocation among the jobs whose messages arrived together. */
function countReceives(meter: Meter, records: readonly SQSRecord[]): void {
  const requests = receivedRequests(records) / records.length;
  for (const { body } of records) {
    const job = jobOfMessage(body);
    if (job !== undefined) meter.count(job, { queueRequests: requests, invocations: 1 / records.length });
  }
}

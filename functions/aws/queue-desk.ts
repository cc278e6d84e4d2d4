/** The queues of a stack as operators see them: their depths, and the messages of `unroutable`. */
import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { QueueDepth, QueueDesk } from '#core/queue-desk.ts';
import type { SqsCall } from './calls.ts';
import { queueNameOfArn, siblingOf } from './queue-url.ts';

export interface DeskQueues {
  /** URLs of all queues, in the order in which they are shown. */
  readonly urls: ReadonlyMap<QueueDepth['queue'], string>;
  /** URL of `unroutable`. */
  readonly unroutable: string;
}

const PARALLEL_QUEUES = 16;
const MAX_MESSAGES = 10;

const ATTRIBUTES: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'RedrivePolicy',
];

export function sqsQueueDesk(sqs: SqsCall, { urls, unroutable }: DeskQueues): QueueDesk {
  const attributesOf = async (QueueUrl: string): Promise<Readonly<Record<string, string>>> => {
    const { Attributes = {} } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ATTRIBUTES });
    return Attributes;
  };
  return {
    depths: () =>
      mapParallel([...urls], PARALLEL_QUEUES, async ([queue, url]) => {
        const attributes = await attributesOf(url);
        const deadLetterUrl = deadLetterUrlOf(url, attributes['RedrivePolicy']);
        const deadLetters = deadLetterUrl && allMessages(await attributesOf(deadLetterUrl));
        return { queue, ...countsOf(attributes), ...omitUndefined({ deadLetters }) } as QueueDepth;
      }),

    async receive(hiddenSeconds) {
      const { Messages = [] } = await sqs('ReceiveMessage', {
        QueueUrl: unroutable,
        MaxNumberOfMessages: MAX_MESSAGES,
        VisibilityTimeout: hiddenSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      });
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
        id: MessageId,
        receipt: ReceiptHandle,
        body: Body,
        sentAt: Number(Attributes?.SentTimestamp ?? 0),
      }));
    },

    async release(receipts) {
      for (const entries of entriesOf(receipts)) {
        const visible = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        await sqs('ChangeMessageVisibilityBatch', { QueueUrl: unroutable, Entries: visible });
      }
    },

    async delete(receipts) {
      for (const entries of entriesOf(receipts)) {
        const { Failed = [] } = await sqs('DeleteMessageBatch', { QueueUrl: unroutable, Entries: entries });
        if (Failed.length > 0) throw new Error(`SQS did not delete ${Failed.length} messages`);
      }
    },
  };
}

function countsOf(attributes: Readonly<Record<string, string>>) {
  const count = (name: QueueAttributeName) => Number(attributes[name] ?? 0);
  return {
    waiting: count('ApproximateNumberOfMessages'),
    inFlight: count('ApproximateNumberOfMessagesNotVisible'),
    delayed: count('ApproximateNumberOfMessagesDelayed'),
  };
}

function allMessages(attributes: Readonly<Record<string, string>>): number {
  const { waiting, inFlight, delayed } = countsOf(attributes);
  return waiting + inFlight + delayed;
}

/** The stack passes no URLs of dead-letter queues, because environment variables have 4 KB together. */
function deadLetterUrlOf(url: string, redrivePolicy: string | undefined): string | undefined {
  if (redrivePolicy === undefined || redrivePolicy === '') return undefined;
  const { deadLetterTargetArn: arn } = JSON.parse(redrivePolicy) as { deadLetterTargetArn?: string };
  return arn === undefined ? undefined : siblingOf(url, queueNameOfArn(arn));
}

function* entriesOf(receipts: readonly string[]) {
  for (let at = 0; at < receipts.length; at += MAX_MESSAGES) {
    yield receipts
      .slice(at, at + MAX_MESSAGES)
      .map((ReceiptHandle, position) => ({ Id: String(position), ReceiptHandle }));
  }
}

import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Log, Random } from '#core/ports.ts';
import { queueNameOfArn, siblingOf } from './queue-url.ts';

/** Delay of the first redelivery in seconds. Each further delay is three times as long. */
const BASE_SECONDS = 5;
const MAX_SECONDS = 900;
const MAX_ENTRIES = 10;

/**
 * Makes failed messages visible again soon. Lambda leaves them hidden for the whole visibility timeout of the
 * queue: six times the function's timeout, which is an hour or more. Best effort: if it fails, the message
 * returns after the visibility timeout.
 */
export async function returnSoon(
  ports: { readonly sqs: SQSClient; readonly log: Log; readonly random: Random; readonly siblingUrl: string },
  records: readonly SQSRecord[],
): Promise<void> {
  for (let at = 0; at < records.length; at += MAX_ENTRIES) {
    const entries = records.slice(at, at + MAX_ENTRIES);
    const arn = entries[0]?.eventSourceARN ?? '';
    try {
      await ports.sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: siblingOf(ports.siblingUrl, queueNameOfArn(arn)),
          Entries: entries.map(({ receiptHandle, attributes }, position) => ({
            Id: String(position),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: delaySeconds(Number(attributes.ApproximateReceiveCount), ports.random),
          })),
        }),
      );
    } catch (error) {
      ports.log.warn('messages will be redelivered late', { messages: entries.length, error: String(error) });
    }
  }
}

function delaySeconds(receives: number, random: Random): number {
  const longest = Math.min(MAX_SECONDS, BASE_SECONDS * 3 ** Math.max(0, receives - 1));
  return Math.ceil(longest * (0.5 + random.next() / 2));
}

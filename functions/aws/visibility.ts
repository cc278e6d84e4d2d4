import type { Random } from '#core/ports.ts';
import type { SqsCall } from './calls.ts';

/** A message that this process received. */
export interface HiddenMessage {
  readonly queueUrl: string;
  readonly receipt: string;
  readonly receiveCount: number;
}

const MAX_ENTRIES = 10;

/**
 * Hides each message for a time from now. Returns the number of requests. A message whose receipt is no longer valid is
 * skipped, because another receiver has it.
 */
export async function changeVisibility<M extends HiddenMessage>(
  sqs: SqsCall,
  messages: readonly M[],
  secondsOf: (message: M) => number,
): Promise<number> {
  const batches = [...Map.groupBy(messages, ({ queueUrl }) => queueUrl)].flatMap(([queueUrl, ofQueue]) =>
    Array.from({ length: Math.ceil(ofQueue.length / MAX_ENTRIES) }, (_, at) => ({
      queueUrl,
      entries: ofQueue.slice(at * MAX_ENTRIES, (at + 1) * MAX_ENTRIES),
    })),
  );
  await Promise.all(
    batches.map(({ queueUrl, entries }) =>
      sqs('ChangeMessageVisibilityBatch', {
        QueueUrl: queueUrl,
        Entries: entries.map((message, position) => ({
          Id: String(position),
          ReceiptHandle: message.receipt,
          VisibilityTimeout: secondsOf(message),
        })),
      }),
    ),
  );
  return batches.length;
}

/** Delay of the first redelivery in seconds. Each further delay is three times as long. */
const BASE_SECONDS = 5;
const MAX_SECONDS = 900;

/** Returns the delay before a failed message is delivered again, with jitter. */
export function redeliverySeconds({ receiveCount }: HiddenMessage, random: Pick<Random, 'next'>): number {
  const longest = Math.min(MAX_SECONDS, BASE_SECONDS * 3 ** Math.max(0, receiveCount - 1));
  return Math.ceil(longest * (0.5 + random.next() / 2));
}

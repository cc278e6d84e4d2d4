import {
  MAX_SEND_BYTES,
  MAX_SEND_ENTRIES,
  type OutgoingMessage,
  type QueueName,
  type Queues,
} from './ports.ts';

/** Sends of one batch before the sender gives up; what was not taken by then is tried again by redelivery. */
const MAX_TRIES = 4;

/** Calls in flight at once. */
const PARALLEL_SENDS = 8;

/** A queue did not take messages, although they were offered several times. */
export class SendRefused extends Error {
  override readonly name = 'SendRefused';
}

/**
 * Sends all messages, in as few requests as their number and size allow. An answer may refuse some entries of a
 * batch although the call succeeded: only those are sent again.
 */
export async function sendAll(
  queues: Queues,
  queue: QueueName,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const batches = inBatches(messages);
  for (let start = 0; start < batches.length; start += PARALLEL_SENDS) {
    await Promise.all(
      batches.slice(start, start + PARALLEL_SENDS).map((batch) => sendBatch(queues, queue, batch)),
    );
  }
}

async function sendBatch(queues: Queues, queue: QueueName, batch: readonly OutgoingMessage[]): Promise<void> {
  let open = batch;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const { failed } = await queues.send(queue, open);
    if (failed.length === 0) return;
    const refused = new Set(failed);
    open = open.filter((_, position) => refused.has(position));
  }
  throw new SendRefused(
    `queue ${queue} refused ${open.length} of ${batch.length} messages ${MAX_TRIES} times`,
  );
}

function inBatches(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let current: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = byteLength(message.body);
    if (current.length === MAX_SEND_ENTRIES || (current.length > 0 && bytes + size > MAX_SEND_BYTES)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(message);
    bytes += size;
  }
  return current.length === 0 ? batches : [...batches, current];
}

const encoder = new TextEncoder();

/** Bytes of the text in UTF-8, which is what queues and tables count. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

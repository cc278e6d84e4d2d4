import { Packer } from './packer.ts';
import { mapParallel } from './parallel.ts';
import {
  MAX_SEND_BYTES,
  MAX_SEND_ENTRIES,
  type OutgoingMessage,
  type QueueName,
  type Queues,
} from './ports.ts';
import { utf8Bytes } from './units.ts';

/** Attempts to send one batch. Afterwards, redelivery of the incoming message retries it. */
const MAX_TRIES = 4;

/** Number of concurrent send requests. */
const PARALLEL_SENDS = 8;

/** Thrown if a queue refused messages on every attempt. */
export class SendRefused extends Error {
  override readonly name = 'SendRefused';
}

/**
 * Sends all messages in the fewest requests that their number and size allow. A successful response can
 * refuse some entries of a batch; only those are sent again.
 */
export async function sendAll(
  queues: Queues,
  queue: QueueName,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  await new Outbox(queues, queue).add(messages, { isLast: true });
}

/**
 * Sends messages while they are produced: each batch when it is full, the last one at the flush. The requests
 * are the same as if all messages were sent together, but at most one batch is held in memory.
 */
export class Outbox {
  readonly #queues: Queues;
  readonly #queue: QueueName;
  readonly #packer = new Packer<OutgoingMessage>({ maxBytes: MAX_SEND_BYTES, maxEntries: MAX_SEND_ENTRIES });

  constructor(queues: Queues, queue: QueueName) {
    this.#queues = queues;
    this.#queue = queue;
  }

  async add(messages: readonly OutgoingMessage[], { isLast = false } = {}): Promise<void> {
    const full: OutgoingMessage[][] = [];
    for (const message of messages) {
      const batch = this.#packer.add(message, byteLength(message.body));
      if (batch !== undefined) full.push(batch);
    }
    const last = isLast ? this.#packer.take() : [];
    if (last.length > 0) full.push(last);
    await this.#send(full);
  }

  flush(): Promise<void> {
    return this.add([], { isLast: true });
  }

  async #send(batches: readonly OutgoingMessage[][]): Promise<void> {
    await mapParallel(batches, PARALLEL_SENDS, (batch) => sendBatch(this.#queues, this.#queue, batch));
  }
}

async function sendBatch(queues: Queues, queue: QueueName, batch: readonly OutgoingMessage[]): Promise<void> {
  let remaining = batch;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const { failed } = await queues.send(queue, remaining);
    if (failed.length === 0) return;
    const refusedPositions = new Set(failed);
    remaining = remaining.filter((_, position) => refusedPositions.has(position));
  }
  throw new SendRefused(
    `queue ${queue} refused ${remaining.length} of ${batch.length} messages ${MAX_TRIES} times`,
  );
}

const encoder = new TextEncoder();

/** For strings up to this length, counting is faster than encoding. */
const MAX_COUNTED_CHARACTERS = 500;

/** Returns the UTF-8 bytes of a string, which queues and tables count. */
export function byteLength(text: string): number {
  return text.length <= MAX_COUNTED_CHARACTERS ? utf8Bytes(text) : encoder.encode(text).length;
}

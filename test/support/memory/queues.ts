import {
  type Clock,
  MAX_SEND_BYTES,
  MAX_SEND_ENTRIES,
  type OutgoingMessage,
  type QueueName,
  type Queues,
} from '#core/ports.ts';
import { bodyBytes } from '#core/units.ts';
import { MemoryQueue } from './queue.ts';

/** `dead:<queue>` is the dead-letter queue of a queue. */
export type AnyQueueName = QueueName | `dead:${QueueName}`;

export interface QueueOptions {
  /** Seconds for which a received message stays hidden. @default 180 */
  readonly visibilitySeconds?: number;
  /** Number of receives after which a message moves to the dead-letter queue. @default unlimited */
  readonly maxReceives?: number;
}

export interface ReceivedMessage {
  readonly id: string;
  /** Identifies this receive. An older receipt of the same message is no longer valid. */
  readonly receipt: string;
  readonly body: string;
  readonly group: string;
  readonly receiveCount: number;
  readonly sentAt: number;
}

export interface Depth {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/** Returns the position of the visible message to receive next. */
export type Pick = (visible: number) => number;

const MAX_DELAY_SECONDS = 900;

/** Characters that SQS refuses. Only the message that contains one fails. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const REFUSED_CHARACTERS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/;

/** Standard queues in memory. The caller supplies the clock. */
export class MemoryQueues implements Queues {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #clock: Clock;
  #sentCount = 0;

  constructor(clock: Clock, queues: Readonly<Partial<Record<QueueName, QueueOptions>>>) {
    this.#clock = clock;
    for (const [name, options = {}] of Object.entries(queues)) {
      const dead = new MemoryQueue({});
      this.#queues.set(`dead:${name}`, dead);
      this.#queues.set(name, new MemoryQueue(options, dead));
    }
  }

  has(queue: QueueName): boolean {
    return this.#queues.has(queue);
  }

  async send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<{ failed: readonly number[] }> {
    const to = this.#queue(queue);
    assertSendable(messages);
    const now = this.#clock.now();
    const failed: number[] = [];
    messages.forEach(({ body, group, delaySeconds = 0 }, position) => {
      if (body === '' || REFUSED_CHARACTERS.test(body)) {
        failed.push(position);
        return;
      }
      this.#sentCount += 1;
      const message = { id: `m${this.#sentCount}`, body, group, sentAt: now, receiveCount: 0 };
      to.add(message, now + delaySeconds * 1000, now);
    });
    return { failed };
  }

  /** Returns visible messages. They stay hidden until they are acknowledged, released, or time out. */
  receive(queue: AnyQueueName, max = 10, pick?: Pick): ReceivedMessage[] {
    return this.#queue(queue).receive(max, this.#clock.now(), pick);
  }

  /** Returns true if the receipt was still valid. */
  acknowledge(queue: AnyQueueName, receipt: string): boolean {
    return this.#queue(queue).take(receipt, this.#clock.now()) !== undefined;
  }

  /** Hides a message for the visibility timeout from now. */
  renew(queue: AnyQueueName, receipt: string): void {
    this.#queue(queue).renew(receipt, this.#clock.now());
  }

  /** Makes a message visible again, at once or after a delay. */
  release(queue: AnyQueueName, receipt: string, delaySeconds = 0): boolean {
    const now = this.#clock.now();
    const heldMessage = this.#queue(queue).take(receipt, now);
    if (heldMessage !== undefined) this.#queue(queue).add(heldMessage, now + delaySeconds * 1000, now);
    return heldMessage !== undefined;
  }

  depth(queue: AnyQueueName): Depth {
    return this.#queue(queue).depth(this.#clock.now());
  }

  /** Returns the time at which the next hidden or delayed message of any queue becomes visible. */
  nextDue(): number | undefined {
    const due = [...this.#queues.values()].flatMap((queue) => queue.nextDue() ?? []);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  names(): AnyQueueName[] {
    return [...this.#queues.keys()] as AnyQueueName[];
  }

  #queue(name: AnyQueueName): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined)
      throw new Error(`queue '${name}' is unknown to this function; the stack must pass its URL`);
    return queue;
  }
}

function assertSendable(messages: readonly OutgoingMessage[]): void {
  for (const { delaySeconds = 0 } of messages) {
    if (Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS) continue;
    throw new RangeError(
      `a delay of ${delaySeconds} s is not allowed; it is 0 to ${MAX_DELAY_SECONDS} whole seconds`,
    );
  }
  const bytes = bodyBytes(messages);
  if (messages.length <= MAX_SEND_ENTRIES && bytes <= MAX_SEND_BYTES) return;
  throw new Error(
    `a send of ${messages.length} messages and ${bytes} bytes is too large; at most ${MAX_SEND_ENTRIES} and ${MAX_SEND_BYTES}`,
  );
}

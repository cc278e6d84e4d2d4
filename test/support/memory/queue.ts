import { SortedList } from '../../../functions/kit/testing/sorted-list.ts';
import type { Depth, Pick, QueueOptions, ReceivedMessage } from './queues.ts';

export type StoredMessage = Omit<ReceivedMessage, 'receipt'>;

interface HeldMessage {
  readonly message: StoredMessage;
  readonly at: number;
}

/** Messages that become visible at the same moment. */
interface Due {
  readonly at: number;
  readonly messages: StoredMessage[];
}

const DEFAULT_VISIBILITY_SECONDS = 180;
const COMPACT_AT = 1024;

/** One queue: messages are visible, delayed, or in flight. The caller supplies the time, so the queue is deterministic. */
export class MemoryQueue {
  readonly #options: QueueOptions;
  readonly #deadLetters: MemoryQueue | undefined;
  #visible: StoredMessage[] = [];
  /** Position of the first visible message. Removing messages from the front one by one would copy the array each time. */
  #head = 0;
  readonly #delayed = new SortedList<Due>();
  #delayedCount = 0;
  /** In the order of receipt or renewal. It is also the order of expiry, because a queue has one visibility timeout. */
  readonly #inFlight = new Map<string, HeldMessage>();
  #receives = 0;

  constructor(options: QueueOptions, deadLetters?: MemoryQueue) {
    this.#options = options;
    this.#deadLetters = deadLetters;
  }

  add(message: StoredMessage, at: number, now: number): void {
    if (at <= now) {
      this.#visible.push(message);
      return;
    }
    const position = this.#delayed.first((due) => due.at >= at);
    const due = this.#delayed.at(position);
    if (due?.at === at) due.messages.push(message);
    else this.#delayed.insert(position, { at, messages: [message] });
    this.#delayedCount += 1;
  }

  receive(max: number, now: number, pick: Pick = () => 0): ReceivedMessage[] {
    this.#wake(now);
    const { maxReceives = Number.POSITIVE_INFINITY } = this.#options;
    const receivedMessages: ReceivedMessage[] = [];
    while (receivedMessages.length < max) {
      const message = this.#next(pick);
      if (message === undefined) break;
      if (message.receiveCount >= maxReceives && this.#deadLetters !== undefined) {
        this.#deadLetters.add({ ...message, receiveCount: 0 }, now, now);
        continue;
      }
      this.#receives += 1;
      const receipt = `${message.id}/${this.#receives}`;
      const countedMessage = { ...message, receiveCount: message.receiveCount + 1 };
      this.#hide(receipt, countedMessage, now);
      receivedMessages.push({ ...countedMessage, receipt });
    }
    return receivedMessages;
  }

  /** Ends a receive. Returns its message if the receipt was still valid. */
  take(receipt: string, now: number): StoredMessage | undefined {
    this.#wake(now);
    const heldMessage = this.#inFlight.get(receipt);
    this.#inFlight.delete(receipt);
    return heldMessage?.message;
  }

  /** Hides a message for the visibility timeout from now. Does nothing if the receipt is no longer valid. */
  renew(receipt: string, now: number): void {
    this.#wake(now);
    const heldMessage = this.#inFlight.get(receipt);
    if (heldMessage === undefined) return;
    this.#inFlight.delete(receipt);
    this.#hide(receipt, heldMessage.message, now);
  }

  #hide(receipt: string, message: StoredMessage, now: number): void {
    const { visibilitySeconds = DEFAULT_VISIBILITY_SECONDS } = this.#options;
    this.#inFlight.set(receipt, { message, at: now + visibilitySeconds * 1000 });
  }

  depth(now: number): Depth {
    this.#wake(now);
    return {
      visible: this.#visible.length - this.#head,
      delayed: this.#delayedCount,
      inFlight: this.#inFlight.size,
    };
  }

  nextDue(): number | undefined {
    const [first] = this.#inFlight.values();
    const times = [first?.at, this.#delayed.at(0)?.at].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Makes the due messages visible. */
  #wake(now: number): void {
    for (const [receipt, { message, at }] of this.#inFlight) {
      if (at > now) break;
      this.#inFlight.delete(receipt);
      this.#visible.push(message);
    }
    const due = this.#delayed.first(({ at }) => at > now);
    for (const { messages } of this.#delayed.takeFirst(due)) {
      this.#delayedCount -= messages.length;
      this.#visible.push(...messages);
    }
  }

  #next(pick: Pick): StoredMessage | undefined {
    const count = this.#visible.length - this.#head;
    const pickedPosition = this.#head + (count > 1 ? pick(count) : 0);
    const message = this.#visible[pickedPosition];
    const front = this.#visible[this.#head];
    if (message === undefined || front === undefined) return undefined;
    this.#visible[pickedPosition] = front;
    this.#head += 1;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#visible.length) {
      this.#visible = this.#visible.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }
}

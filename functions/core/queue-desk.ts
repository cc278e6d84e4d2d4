/** The port through which operators see the queues. */
import type { QueueName } from './ports.ts';

/** Approximate numbers of messages: SQS counts them a few seconds late. */
export interface QueueDepth {
  readonly queue: QueueName | 'undispatched';
  /** Messages that a consumer can receive now. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Messages that become visible later. */
  readonly delayed: number;
  /** Absent if the queue has no dead-letter queue. */
  readonly deadLetters?: number;
}

/** A message that is hidden from other receivers. */
export interface HeldMessage {
  readonly id: string;
  /** Identifies this receive. */
  readonly receipt: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** The queues as operators see them. Only messages of `unroutable` can be read. */
export interface QueueDesk {
  /** Returns the depth of every queue of the service. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Returns up to 10 messages of `unroutable`, hidden for this time. An empty list does not mean an empty queue. */
  receive(hiddenSeconds: number): Promise<readonly HeldMessage[]>;
  /** Makes messages visible again. */
  release(receipts: readonly string[]): Promise<void>;
  delete(receipts: readonly string[]): Promise<void>;
}

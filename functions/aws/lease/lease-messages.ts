/** Messages between an invocation and the thread that renews its leases. */
import type { HiddenMessage } from '../visibility.ts';

export interface LeasedMessage extends HiddenMessage {
  readonly body: string;
}

export interface LeaseTimes {
  /** Time after which an invocation takes its lease. Shorter invocations take none. */
  readonly firstMillis: number;
  /** The messages of a crashed invocation return after at most this time. */
  readonly seconds: number;
  /** Short enough to try again before the lease ends. */
  readonly renewMillis: number;
}

export type LeaseRequest =
  | { readonly kind: 'take'; readonly id: number; readonly messages: readonly LeasedMessage[] }
  | { readonly kind: 'end'; readonly id: number };

export type LeaseReport =
  /** One request to the queue. */
  | { readonly kind: 'requested'; readonly id: number; readonly error?: string }
  /** No request of this lease follows. */
  | { readonly kind: 'ended'; readonly id: number };

import * as v from 'valibot';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Log, QueueName, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';

export interface RefusedMessage {
  readonly body: string;
  readonly reason: string;
  /** Queue that it came from, to which it can be sent again. Absent if that would not help, or if it is unknown. */
  readonly queue?: QueueName | undefined;
}

/**
 * Sends a message that no handler accepts to the queue `unroutable`, with the reason, and raises an alarm.
 */
export async function sendToUnroutable(
  ports: { readonly queues: Queues; readonly log: Log },
  what: string,
  { body, reason, queue }: RefusedMessage,
): Promise<void> {
  ports.log.alarm('unroutable message', { what, reason });
  const stored = { v: 1, reason, body, ...omitUndefined({ queue }) };
  await sendAll(ports.queues, 'unroutable', [{ body: JSON.stringify(stored), group: 'unroutable' }]);
}

const storedMessage = v.object({ reason: v.string(), body: v.string(), queue: v.optional(v.string()) });

/** Reads a message of the queue `unroutable`. One that is not in this form is shown as it is. */
export function readUnroutable(text: string): { reason: string; body: string; queue?: string | undefined } {
  try {
    return v.parse(storedMessage, JSON.parse(text));
  } catch {
    return { reason: 'the message was not sent by this service', body: text };
  }
}

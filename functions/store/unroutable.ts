import type { Log, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';

/**
 * Sends a message that no handler accepts to the queue `unroutable`, with the reason, and raises an alarm.
 */
export async function sendToUnroutable(
  ports: { readonly queues: Queues; readonly log: Log },
  what: string,
  reason: string,
  body: string,
): Promise<void> {
  ports.log.alarm('unroutable message', { what, reason });
  await sendAll(ports.queues, 'unroutable', [
    { body: JSON.stringify({ v: 1, reason, body }), group: 'unroutable' },
  ]);
}

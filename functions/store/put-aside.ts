import type { Log, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';

/** Keeps what nobody can read or route in a queue of its own, with the reason, and calls an operator. */
export async function putAside(
  ports: { readonly queues: Queues; readonly log: Log },
  what: string,
  reason: string,
  body: string,
): Promise<void> {
  ports.log.alarm('message put aside', { what, reason });
  await sendAll(ports.queues, 'unroutable', [
    { body: JSON.stringify({ v: 1, reason, body }), group: 'unroutable' },
  ]);
}

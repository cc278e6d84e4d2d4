/**
 * Renews leases. It is a thread of its own, because the code of a worker may keep the main thread busy for longer than a
 * lease. Started as a process, it returns the messages from stdin and ends.
 */
import { text } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../runtime.ts';
import { awsServices } from '../services.ts';
import { changeVisibility, redeliverySeconds } from '../visibility.ts';
import type { LeasedMessage, LeaseReport, LeaseRequest, LeaseTimes } from './lease-messages.ts';

interface HeldLease {
  readonly timer: NodeJS.Timeout;
  /** Settles when no request of the lease is in flight. */
  last: Promise<void>;
}

const leases = new Map<number, HeldLease>();

function report(message: LeaseReport): void {
  parentPort?.postMessage(message);
}

async function renew(id: number, messages: readonly LeasedMessage[]): Promise<void> {
  const { seconds }: LeaseTimes = workerData;
  try {
    const requests = await changeVisibility(awsServices().sqs, messages, () => seconds);
    for (let at = 0; at < requests; at++) report({ kind: 'requested', id });
  } catch (error) {
    report({ kind: 'requested', id, error: String(error) });
  }
}

function take(id: number, messages: readonly LeasedMessage[]): void {
  const { renewMillis }: LeaseTimes = workerData;
  const timer = setInterval(() => {
    lease.last = lease.last.then(() => renew(id, messages));
  }, renewMillis);
  const lease: HeldLease = { timer, last: renew(id, messages) };
  leases.set(id, lease);
}

async function end(id: number): Promise<void> {
  const lease = leases.get(id);
  leases.delete(id);
  clearInterval(lease?.timer);
  await lease?.last;
  report({ kind: 'ended', id });
}

if (parentPort === null) {
  const messages: LeasedMessage[] = JSON.parse(await text(process.stdin));
  await changeVisibility(awsServices().sqs, messages, (message) => redeliverySeconds(message, systemRandom));
} else {
  parentPort.on('message', (request: LeaseRequest) => {
    if (request.kind === 'take') take(request.id, request.messages);
    else void end(request.id);
  });
}

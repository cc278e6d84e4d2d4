/** The depths of the queues, and the alarms. Unroutable messages are shown, sent again and deleted. */

import { refusal } from '#contract/problem.ts';
import { MAX_SHOWN_BODY_BYTES, MAX_UNROUTABLE, type UnroutableMessageView } from '#contract/queue-view.ts';
import { truncate } from '#core/failure.ts';
import type { AlarmState } from '#core/monitor.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { QueueName, Queues } from '#core/ports.ts';
import type { HeldMessage, QueueDepth, QueueDesk } from '#core/queue-desk.ts';
import { byteLength, sendAll } from '#core/send.ts';
import { readUnroutable } from '../../store/unroutable.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

/** Longer than a request, so that a receive does not return the same message twice. */
const HIDDEN_SECONDS = 40;
/** SQS asks only some of its servers in one receive, so an empty one does not mean an empty queue. */
const MAX_EMPTY_RECEIVES = 3;
const WORKER = 'worker:';

export const listQueues: OperationHandler<'listQueues'> = async (_request, ports) => {
  const [depths, ages] = await Promise.all([ports.recentDepths.read(), agesOf(ports)]);
  return {
    status: 200,
    body: depths.map(({ queue, ...counts }) => ({
      name: queue,
      ...(queue.startsWith(WORKER) && { worker: queue.slice(WORKER.length) }),
      ...omitUndefined({ oldestSeconds: ages.get(queue) }),
      ...counts,
    })),
  };
};

/** The numbers of messages are useful without the ages, so an error of CloudWatch is only logged. */
async function agesOf({ recentAges, log }: ApiPorts): Promise<ReadonlyMap<QueueDepth['queue'], number>> {
  try {
    return await recentAges.read();
  } catch (error) {
    log.warn('ages of messages could not be read', { error: String(error) });
    return new Map();
  }
}

const STATUS_ORDER = ['alarm', 'unknown', 'ok'];

export const listAlarms: OperationHandler<'listAlarms'> = async (_request, { recentAlarms }) => {
  const alarms = await recentAlarms.read();
  const rank = ({ status }: AlarmState) => STATUS_ORDER.indexOf(status);
  return { status: 200, body: alarms.toSorted((one, other) => rank(one) - rank(other)) };
};

export const listUnroutableMessages: OperationHandler<'listUnroutableMessages'> = async (
  _request,
  { queueDesk },
) => {
  const messages = await holdMessages(queueDesk);
  await queueDesk.release(messages.map(({ receipt }) => receipt));
  return { status: 200, body: messages.toSorted((one, other) => one.sentAt - other.sentAt).map(viewOf) };
};

export const redriveUnroutableMessages: OperationHandler<'redriveUnroutableMessages'> = async (
  { body: { ids }, caller },
  { queueDesk, queues, log },
) => {
  const sendAgain = async (message: HeldMessage): Promise<string | undefined> => {
    const { body, queue } = readUnroutable(message.body);
    if (queue === undefined)
      return 'it cannot be sent again, because its queue is not recorded or it is already handled';
    if (!queues.has(queue as QueueName)) return `queue '${queue}' does not exist in this deployment`;
    await forward(queues, queue as QueueName, body);
    return undefined;
  };
  const result = await actOn(queueDesk, ids, sendAgain);
  log.info('unroutable messages were sent again', { messages: result.done.length, by: caller.sub });
  return { status: 200, body: result };
};

export const deleteUnroutableMessages: OperationHandler<'deleteUnroutableMessages'> = async (
  { body: { ids }, caller },
  { queueDesk, log },
) => {
  const result = await actOn(queueDesk, ids, async () => undefined);
  log.info('unroutable messages were deleted', { messages: result.done.length, by: caller.sub });
  return { status: 200, body: result };
};

interface ActionResult {
  readonly done: string[];
  readonly kept: { readonly id: string; readonly reason: string }[];
}

/** Deletes each message for which `act` returns no reason against it. All others become visible again. */
async function actOn(
  desk: QueueDesk,
  ids: readonly string[],
  act: (message: HeldMessage) => Promise<string | undefined>,
): Promise<ActionResult> {
  const wanted = new Set(ids);
  const messages = await holdMessages(desk, wanted);
  const doneMessages: HeldMessage[] = [];
  const kept = new Map(
    [...wanted].map((id) => [id, 'it is not in the queue, or another request holds it; list again']),
  );
  try {
    for (const message of messages.filter(({ id }) => wanted.has(id))) {
      const reason = await act(message);
      if (reason !== undefined) kept.set(message.id, reason);
      else {
        kept.delete(message.id);
        doneMessages.push(message);
      }
    }
  } finally {
    // A message that was sent again must be deleted, even if sending the next one fails.
    await desk.delete(doneMessages.map(({ receipt }) => receipt));
    const rest = messages.filter((message) => !doneMessages.includes(message));
    await desk.release(rest.map(({ receipt }) => receipt));
  }
  return { done: doneMessages.map(({ id }) => id), kept: [...kept].map(([id, reason]) => ({ id, reason })) };
}

/** Receives up to 100 messages; ends early if it has all `wanted` ones. */
async function holdMessages(desk: QueueDesk, wanted?: ReadonlySet<string>): Promise<HeldMessage[]> {
  const held = new Map<string, HeldMessage>();
  for (let emptyCount = 0; emptyCount < MAX_EMPTY_RECEIVES && held.size < MAX_UNROUTABLE; ) {
    const messages = await desk.receive(HIDDEN_SECONDS);
    if (messages.length === 0) emptyCount += 1;
    for (const message of messages) held.set(message.id, message);
    if (wanted !== undefined && [...wanted].every((id) => held.has(id))) break;
  }
  return [...held.values()];
}

/** The message keeps its body and its group, so that its consumer handles it as the first time. */
async function forward(queues: Queues, queue: QueueName, body: string): Promise<void> {
  try {
    await sendAll(queues, queue, [{ body, group: textMembers(body).partition ?? '' }]);
  } catch (error) {
    throw refusal('store-unreachable', `queue '${queue}' cannot be reached; try again`, {
      cause: error,
      headers: { 'Retry-After': '1' },
    });
  }
}

function viewOf({ id, sentAt, body: stored }: HeldMessage): UnroutableMessageView {
  const { body, reason, queue } = readUnroutable(stored);
  return {
    id,
    time: sentAt,
    reason,
    ...omitUndefined({ queue }),
    ...textMembers(body),
    body: truncate(body, MAX_SHOWN_BODY_BYTES),
    sizeBytes: byteLength(body),
  };
}

/** Returns the kind, partition and job of a message as far as they are strings. */
function textMembers(body: string): { kind?: string; partition?: string; job?: string } {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return {};
  }
  if (typeof message !== 'object' || message === null) return {};
  const members = ['kind', 'partition', 'job'].map((name) => [name, Reflect.get(message, name)] as const);
  return Object.fromEntries(members.filter(([, value]) => typeof value === 'string'));
}

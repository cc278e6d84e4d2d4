/** Work of a paused job: messages are kept as objects without a time limit, and sent again on resume. */

import * as v from 'valibot';
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { HeldMessage } from '#contract/messages.ts';
import type { JobRun } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { packed } from '#core/packer.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Objects, QueueName, Queues } from '#core/ports.ts';
import { byteLength, sendAll } from '#core/send.ts';
import { heldKey, keyOfPartition, objectPrefix } from './object-keys.ts';

/** Maximum size of the message bodies in one message about held work. */
const MAX_HELD_BYTES = 150 * 1024;

/** Number of objects that are sent at the same time. */
const PARALLEL_RELEASES = 4;

const keptMessages = v.array(v.object({ queue: v.string(), body: v.string() }));
type KeptMessage = v.InferOutput<typeof keptMessages>[number];

export interface HeldPorts {
  readonly queues: Queues;
  readonly objects: Objects;
}

/** Sends messages of a paused job to the tracker, which stores them. */
export async function holdMessages(
  queues: Queues,
  run: JobRun,
  queue: HeldMessage['queue'],
  bodies: readonly string[],
): Promise<void> {
  const { partition, job, runNumber } = run;
  const messages = [...packed(bodies, byteLength, { maxBytes: MAX_HELD_BYTES })].map((piece): HeldMessage => {
    return { v: MESSAGE_VERSION, kind: 'held', partition, job, runNumber, queue, bodies: piece };
  });
  // A worker holds its own chunks, and workers may only send to the reports queue.
  await sendAll(
    queues,
    queue.startsWith('worker:') ? 'reports' : 'results',
    messages.map((message) => ({ body: JSON.stringify(message), group: partition })),
  );
}

/** Stores the messages under a name that is the same on redelivery. */
export async function storeHeld(
  objects: Objects,
  run: JobRun,
  name: string,
  messages: readonly KeptMessage[],
): Promise<ObjectKey> {
  const key = heldKey(run, `${name}.${messages.length}`);
  await objects.put(key, JSON.stringify(messages), { contentType: 'application/json' });
  return key;
}

const COUNT_IN_NAME = /\.(\d+)\.json$/;

/** Returns the number of held messages of a job, as far as one request lists their objects. */
export async function countHeld(objects: Pick<Objects, 'list'>, run: JobRun): Promise<number> {
  const { objects: stored } = await objects.list(objectPrefix('held', run));
  // The names of earlier releases have no number.
  const counts = stored.map(({ key }) => Number(COUNT_IN_NAME.exec(key)?.[1] ?? 1));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Sends the messages stored under a key, then deletes the object. A duplicate is harmless, a lost message is
 * not.
 */
export async function releaseHeld(
  { queues, objects }: HeldPorts,
  run: JobRun,
  key: ObjectKey,
): Promise<void> {
  const bytes = await objects.get({ key });
  if (bytes === undefined) return;
  const messages = v.parse(keptMessages, JSON.parse(new TextDecoder().decode(bytes)));
  for (const [queue, messagesOfQueue] of Map.groupBy(messages, (message) => message.queue)) {
    const bodies = messagesOfQueue.map(({ body }) => ({ body, group: run.partition }));
    await sendAll(queues, queue as QueueName, bodies);
  }
  await objects.delete([key]);
}

/** Sends all held messages of a job. Returns false if time ran out; then call again. */
export async function releaseAll(ports: HeldPorts, run: JobRun, isTimeUp: () => boolean): Promise<boolean> {
  for (;;) {
    const page = await ports.objects.list(objectPrefix('held', run));
    const isReleased = await mapParallel(page.objects, PARALLEL_RELEASES, async ({ key }) => {
      if (isTimeUp()) return false;
      await releaseHeld(ports, run, keyOfPartition(run.partition, key));
      return true;
    });
    if (isReleased.includes(false)) return false;
    if (page.next === undefined) return true;
  }
}

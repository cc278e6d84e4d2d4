/** Creates and sends the messages of children, with few of them in memory at a time. */
import { PermanentFailure } from '#core/errors.ts';
import { runOf } from '#core/job.ts';
import { packed } from '#core/packer.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Objects, QueueName, Queues, Random } from '#core/ports.ts';
import { Outbox, sendAll } from '#core/send.ts';
import { type ChunkResult, reportsOf } from '../store/reports.ts';
import type { Parent } from './child-messages.ts';
import { makeChild } from './make-child.ts';
import { type Draft, weightOf } from './pack-children.ts';
import type { Slice } from './slices.ts';
import type { Takeover } from './take-over.ts';

/** Maximum number of children whose messages are created together. */
const WINDOW_CHILDREN = 160;
/** Maximum weight of these children. A message exists in several copies while it is created and stored. */
const WINDOW_BYTES = 8 * 1024 * 1024;

const PARALLEL_MESSAGES = 16;

/** Maximum number of outcomes of earlier runs that are read in parallel. */
const PARALLEL_OUTCOMES = 4_000;

export interface SendPorts {
  readonly queues: Queues;
  readonly objects: Objects;
  readonly random: Random;
}

/** Sends the children of a slice. `first` is the index of the first child. */
export async function sendChildren(
  { queues, objects, random }: SendPorts,
  parent: Parent & { readonly takeover?: Takeover | undefined },
  first: number,
  slice: Slice,
): Promise<void> {
  const run = runOf(parent.message);
  const outboxes = new Map<QueueName, Outbox>();
  const finished: ChunkResult[] = [];
  const limit =
    parent.takeover === undefined
      ? PARALLEL_MESSAGES
      : Math.min(PARALLEL_MESSAGES, Math.max(1, Math.floor(PARALLEL_OUTCOMES / parent.plan.itemsPerTask)));
  let index = first;
  for (const window of windowsOf(slice)) {
    const children = await mapParallel([...window.entries()], limit, ([position, draft]) =>
      makeChild(objects, parent, index + position, draft),
    );
    index += window.length;
    for (const child of children) if (child.kind === 'final') finished.push(child);
    const messages = children.flatMap((child) => (child.kind === 'message' ? [child] : []));
    for (const [queue, sent] of Map.groupBy(messages, (child) => child.queue)) {
      await outboxFor(queues, outboxes, queue).add(sent.map(({ message }) => message));
    }
  }
  for (const outbox of outboxes.values()) await outbox.flush();
  const reports = await reportsOf({ objects, random }, run, finished, {});
  const messages = reports.map((report) => ({ body: JSON.stringify(report), group: run.partition }));
  if (messages.length > 0) await sendAll(queues, 'results', messages);
}

function outboxFor(queues: Queues, outboxes: Map<QueueName, Outbox>, queue: QueueName): Outbox {
  if (!queues.has(queue))
    throw new PermanentFailure(
      'unknown-worker',
      `the queue ${queue} does not exist. Deploy the worker, then resubmit the job.`,
    );
  const outbox = outboxes.get(queue) ?? new Outbox(queues, queue);
  outboxes.set(queue, outbox);
  return outbox;
}

function windowsOf({ drafts, weights }: Slice): Generator<Draft[]> {
  const limits = { maxBytes: WINDOW_BYTES, maxEntries: WINDOW_CHILDREN };
  return packed(drafts, (draft, position) => weights?.[position] ?? weightOf(draft), limits);
}

import type { ChunkMessage, SplitMessage } from '#contract/messages.ts';
import type { BatchPlan, JobRun } from '#core/job.ts';
import type { Objects, OutgoingMessage, QueueName } from '#core/ports.ts';
import { childPath } from '#core/task-path.ts';
import { claimChecked } from '../store/claim-check.ts';
import { chunkName, objectPrefix } from '../store/keys.ts';
import type { Draft } from './pack-children.ts';

export interface Parent {
  readonly message: SplitMessage;
  readonly plan: BatchPlan;
  readonly parameters: unknown;
  /** Where the parameters lie, if they are too large for every message. */
  readonly parametersKey?: string;
}

export function runOf({ partition, job, generation }: JobRun): JobRun {
  return { partition, job, generation };
}

/** The message of one child, and the queue it goes to. */
export async function childMessage(
  objects: Objects,
  parent: Parent,
  index: number,
  draft: Draft,
): Promise<{ queue: QueueName; message: OutgoingMessage }> {
  const group = parent.message.partition;
  if (draft.kind === 'batch') {
    const message = subBatch(parent, index, draft);
    const key = `${objectPrefix('definitions', message)}${message.path}.json`;
    const body = await claimChecked(objects, message, { definition: key });
    return { queue: 'split', message: { body, group } };
  }
  const message = chunk(parent, index, draft);
  const key = `${objectPrefix('chunks', message)}${chunkName(message.path, index)}.json`;
  const body = await claimChecked(objects, message, {
    items: key,
    done: `${key.slice(0, -'.json'.length)}.done.json`,
  });
  return { queue: `worker:${parent.plan.worker}`, message: { body, group } };
}

function subBatch({ message }: Parent, index: number, draft: Draft & { kind: 'batch' }): SplitMessage {
  return {
    v: 1,
    kind: 'split',
    ...runOf(message),
    path: childPath(message.path, index),
    splitter: draft.splitter ?? message.splitter,
    definition: draft.definition,
    from: 0,
    hop: message.hop + 1,
  };
}

export function chunk(parent: Parent, index: number, draft: Draft & { kind: 'chunk' }): ChunkMessage {
  const { message, plan } = parent;
  return {
    v: 1,
    kind: 'chunk',
    ...runOf(message),
    path: message.path,
    index,
    worker: plan.worker,
    ...(plan.pipeline.length === 0 ? {} : { pipeline: [...plan.pipeline] }),
    ...(parent.parametersKey === undefined
      ? { parameters: parent.parameters }
      : { parametersKey: parent.parametersKey }),
    ...('range' in draft ? { range: draft.range } : { items: [...draft.items] }),
    ...('done' in draft && draft.done !== undefined
      ? { done: [...draft.done], takenOver: draft.done.length }
      : {}),
    itemsPerTask: plan.itemsPerTask,
    maxAttempts: 'maxAttempts' in draft ? (draft.maxAttempts ?? plan.maxAttempts) : plan.maxAttempts,
    // What a retry came to must be written, even where it is only good: the run before wrote what was not.
    outcomes: 'done' in draft ? 'all' : plan.outcomes,
    hop: 0,
  };
}

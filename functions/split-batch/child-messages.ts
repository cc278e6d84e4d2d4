import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ChunkMessage, SplitMessage } from '#contract/messages.ts';
import { type BatchPlan, type JobRun, runOf } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Objects, OutgoingMessage, QueueName } from '#core/ports.ts';
import { childPath, type TaskPath } from '#core/task-path.ts';
import type { PlannedStep } from '#core/template/template.ts';
import { withClaimCheck } from '../store/claim-check.ts';
import { chunkKey, definitionKey } from '../store/object-keys.ts';
import type { ChunkFinder } from '../store/recorded-chunks.ts';
import type { Draft } from './pack-children.ts';

export interface Parent {
  readonly message: SplitMessage;
  readonly plan: BatchPlan;
  readonly parameters: unknown;
  /** Key of the parameters, if they are too large to copy into each message. */
  readonly parametersKey?: string;
  /** Set if the job runs a template. */
  readonly step?: PlannedStep | undefined;
  /** Finds recorded chunks of steps and of earlier runs. */
  readonly finder: ChunkFinder;
  /** This node in earlier runs, newest first, and the key of the retry request. */
  readonly before?: { readonly nodes: readonly NodeAddress[]; readonly retryKey: string } | undefined;
}

/** A node of a run. A step may have a different path in each run. */
export interface NodeAddress {
  readonly run: JobRun;
  readonly path: TaskPath;
  /** True if a later step took its failed items, so that they are not failed items of the job. */
  readonly isSettled?: boolean;
}

/** Returns the message of one child and its queue. */
export async function childMessage(
  objects: Objects,
  parent: Parent,
  index: number,
  draft: Draft,
): Promise<{ queue: QueueName; message: OutgoingMessage }> {
  const group = parent.message.partition;
  if (draft.kind === 'batch') {
    const message = subBatch(parent, index, draft);
    const key = definitionKey(message, message.path);
    const body = await withClaimCheck(objects, message, { definition: key });
    return { queue: 'split', message: { body, group } };
  }
  const message = { ...chunk(parent, index, draft), ...(await earlierOf(parent, index, draft)) };
  const body = await withClaimCheck(objects, message, {
    items: chunkKey(message, message.path, index, 'json'),
    done: chunkKey(message, message.path, index, 'done.json'),
  });
  return { queue: `worker:${parent.plan.worker}`, message: { body, group } };
}

function subBatch({ message }: Parent, index: number, draft: Draft & { kind: 'batch' }): SplitMessage {
  return {
    v: MESSAGE_VERSION,
    kind: 'split',
    ...runOf(message),
    path: childPath(message.path, index),
    splitter: draft.splitter ?? message.splitter,
    definition: draft.definition,
    from: 0,
    hop: message.hop + 1,
    ...omitUndefined({ step: message.step }),
  };
}

export function chunk(parent: Parent, index: number, draft: Draft & { kind: 'chunk' }): ChunkMessage {
  const { message, plan } = parent;
  return {
    v: MESSAGE_VERSION,
    kind: 'chunk',
    ...runOf(message),
    path: message.path,
    index,
    worker: plan.worker,
    ...(plan.pipeline.length === 0 ? {} : { pipeline: [...plan.pipeline] }),
    ...(parent.parametersKey === undefined
      ? { parameters: parent.parameters }
      : { parametersKey: parent.parametersKey }),
    ...workOf(draft),
    ...omitUndefined({ step: parent.step && rulesOf(parent.step) }),
    ...('done' in draft && draft.done !== undefined
      ? { done: [...draft.done], takenOver: draft.done.length }
      : {}),
    itemsPerTask: plan.itemsPerTask,
    maxAttempts: 'maxAttempts' in draft ? (draft.maxAttempts ?? plan.maxAttempts) : plan.maxAttempts,
    // A retry records successes too, because the earlier run recorded these items as failed.
    outcomes: 'done' in draft ? 'all' : plan.outcomes,
    hop: 0,
  };
}

function workOf(draft: Draft & { kind: 'chunk' }): Partial<ChunkMessage> {
  if ('range' in draft) return { range: draft.range };
  return 'items' in draft ? { items: [...draft.items] } : { sources: [...draft.sources] };
}

/** Returns where earlier runs recorded the chunk of a step. For other chunks, the splitter itself reads these outcomes. */
async function earlierOf(
  { before, finder }: Parent,
  index: number,
  draft: Draft & { kind: 'chunk' },
): Promise<Partial<ChunkMessage>> {
  if (before === undefined || !('sources' in draft)) return {};
  const found = await Promise.all(
    before.nodes.map(async ({ run, path, isSettled = false }) => {
      const recorded = await finder.find({ run, path }, index);
      return recorded && { path, ...recorded.range, isSettled };
    }),
  );
  return { earlier: found.filter((one) => one !== undefined), retryKey: before.retryKey };
}

function rulesOf(step: PlannedStep): NonNullable<ChunkMessage['step']> {
  const { name, inputMimeTypes, onNoParts, expectsNewPart, marksSourceMeta, takesFailed } = step;
  return {
    name,
    inputMimeTypes,
    ...omitUndefined({ onNoParts }),
    expectsNewPart,
    marksSourceMeta,
    takesFailed,
  };
}

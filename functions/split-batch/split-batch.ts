/**
 * Splits one batch: reads children from its splitter, sends them, and seals the node with the number of children.
 *
 * 1. Stop if the job is final or if the fence shows that this part was split before. Hold the message of a paused job.
 * 2. Read children slice by slice from the cursor of the fence, send them, then move the fence.
 * 3. When the time is up, send a continuation. When there are no more children, send the seal.
 *
 * Children are sent before the fence moves. After a crash they are sent again, but none is lost.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { SealMessage, SplitMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { tooManyItems } from '#core/item-limit.ts';
import { type Job, type JobRun, runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { notDeployedMessage } from '#core/not-deployed.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Log, Objects, Queues, Random, Table, Web } from '#core/ports.ts';
import { NO_PROGRESS, subtractCounts } from '#core/progress.ts';
import { checkBy } from '#core/schema.ts';
import { sendAll } from '#core/send.ts';
import type { Splitter } from '#core/splitter.ts';
import { StatusCache } from '#core/status-cache.ts';
import { depthOf } from '#core/task-path.ts';
import type { ReadingPorts } from '../sources/readable-objects.ts';
import { type Fence, NEW_FENCE, readFence, saveFence } from '../store/fences.ts';
import { holdMessages } from '../store/held.ts';
import { readJob } from '../store/jobs.ts';
import { addProgress } from '../store/progress.ts';
import { ChunkFinder } from '../store/recorded-chunks.ts';
import type { Parent } from './child-messages.ts';
import { countsOf, isCountedWithSeal, weightOfBatches } from './counts.ts';
import { itemCount, noteOfRepeatedIds, packChildren } from './pack-children.ts';
import { sendChildren } from './send-children.ts';
import { cutIntoSlices, firstWrittenSlice, type Slice, type SliceAddress } from './slices.ts';
import { splitContext } from './split-context.ts';
import { failOrThrow, noteRestart, removeTroubleNote, withSplitterErrors } from './split-failures.ts';
import { definitionOf, SplitRequests } from './split-requests.ts';
import { STEP_OUTCOMES_SPLITTER } from './splitters/names.ts';
import type { SplitterOnDemand } from './splitters/on-demand.ts';
import { putRetry, type Takeover, takeoverOf } from './take-over.ts';

/** Maximum depth of batches. With 100 children for each batch, depth 4 reaches 100 million items. */
const MAX_DEPTH = 6;

/** Maximum number of messages in one chain, sub-batches and continuations together. Lambda stops a chain at about 16. */
export const MAX_HOPS = 12;

export interface SplitBatchPorts extends ReadingPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly splitters: readonly (Splitter | SplitterOnDemand)[];
  readonly maxItems: number;
  readonly statusCacheMillis: number;
}

export type SplitOutcome = 'sealed' | 'continued' | 'discarded' | 'held' | 'stale' | 'failed';

interface SplitWork extends Parent {
  readonly run: JobRun;
  readonly splitter: Splitter;
  readonly definition: unknown;
  readonly isTimeUp: () => boolean;
  /** Set if the run is a retry. */
  readonly takeover?: Takeover | undefined;
}

/** `receiveCount` is the number of times that the queue delivered the message, including this time. */
export type SplitBatch = (
  message: SplitMessage,
  isTimeUp: () => boolean,
  receiveCount?: number,
) => Promise<SplitOutcome>;

export function splitBatch(ports: SplitBatchPorts, requests = new SplitRequests(ports)): SplitBatch {
  const statuses = new StatusCache<Job>(
    (key) => readJob(ports.table, key),
    ports.clock,
    ports.statusCacheMillis,
  );

  return async (message, isTimeUp, receiveCount = 1) => {
    const run = runOf(message);
    const { decision, jobStatus: job } = await statuses.decide(run);
    if (decision === 'discard' || job === undefined) return 'discarded';
    if (decision === 'hold') {
      await holdMessages(ports.queues, run, 'split', [JSON.stringify(message)]);
      return 'held';
    }
    const stored = (await readFence(ports.table, run, message.path)) ?? NEW_FENCE;
    if (stored.sealed || stored.from > message.from) return 'stale';
    // The sender may have crashed before it moved the fence, or before it removed the continuation from it.
    const { continuation: _sent, ...storedFields } = stored;
    const fence = { ...storedFields, from: message.from };
    try {
      if (receiveCount > 1) await noteRestart(ports, message, stored.trouble);
      const work = await prepareWork(ports, requests, { message, job, isTimeUp });
      const result = await splitFrom(ports, statuses, work, fence);
      await removeTroubleNote(ports, message, stored.trouble);
      return result;
    } catch (error) {
      return failOrThrow(ports, message, error);
    }
  };
}

async function prepareWork(
  ports: SplitBatchPorts,
  requests: SplitRequests,
  { message, job, isTimeUp }: { message: SplitMessage; job: Job; isTimeUp: () => boolean },
): Promise<SplitWork> {
  const found = ports.splitters.find(({ name }) => name === message.splitter);
  if (found === undefined) {
    const names = ports.splitters.map(({ name }) => name);
    throw new PermanentFailure('unknown-splitter', notDeployedMessage('splitter', message.splitter, names));
  }
  if (depthOf(message.path) > MAX_DEPTH) {
    throw new PermanentFailure(
      'limit',
      `the batch is ${depthOf(message.path)} levels deep; at most ${MAX_DEPTH} levels are allowed. Use fewer levels of sub-batches.`,
    );
  }
  const splitter = 'load' in found ? await found.load() : found;
  const run = runOf(message);
  const request = await requests.read(run, message.step);
  const definition = checkBy(splitter.definition, await definitionOf(ports.objects, message, request));
  if (!definition.ok) {
    throw new PermanentFailure(
      'invalid-definition',
      `definition of splitter '${splitter.name}' at ${definition.reason}`,
    );
  }
  const { parameters, parametersKey, step } = request;
  // A batch over the outcomes of steps is split again, because the outcomes may differ now.
  const takeover = message.inputs === undefined ? await takeoverOf(ports.table, message, job) : undefined;
  return {
    run,
    message,
    plan: step === undefined ? job.plan : { ...job.plan, worker: step.worker, maxAttempts: step.maxAttempts },
    isTimeUp,
    step,
    takeover,
    before: step &&
      takeover && { nodes: takeover.earlier, retryKey: await putRetry(ports.objects, run, takeover) },
    finder: new ChunkFinder(ports.table),
    splitter,
    definition: definition.value,
    parameters,
    ...omitUndefined({ parametersKey }),
  };
}

/** Sends slices from the fence on, until there are no more children, the time is up or the job is final. */
async function splitFrom(
  ports: SplitBatchPorts,
  statuses: StatusCache<Job>,
  work: SplitWork,
  start: Fence,
): Promise<SplitOutcome> {
  let fence = start;
  for (;;) {
    for await (const ownSlice of slicesFrom(ports, work, fence)) {
      const { slice, isOurs } = work.splitter.stable
        ? { slice: ownSlice, isOurs: true }
        : await firstWrittenSlice(ports.objects, manifestPlace(work, fence), ownSlice);
      fence = await sendSlice(ports, work, fence, slice);
      if (slice.end) return seal(ports, work, fence);
      await save(ports, work, fence);
      const { decision } = await statuses.decide(work.run);
      if (decision === 'discard') return 'discarded';
      if (work.isTimeUp() || decision === 'hold') return handOver(ports, work, fence);
      // Another invocation wrote this slice first, so our splitter may be elsewhere. Continue at the cursor of that slice.
      if (!isOurs) break;
    }
  }
}

function slicesFrom(ports: SplitBatchPorts, work: SplitWork, fence: Fence): AsyncGenerator<Slice> {
  const { run, plan, message, finder } = work;
  const context = splitContext(ports, {
    run,
    itemsPerTask: plan.itemsPerTask,
    cursor: fence.cursor,
    inputs: message.inputs,
    finder,
  });
  return withSplitterErrors(() => {
    const children = work.splitter.split(work.definition, context);
    return cutIntoSlices(packChildren(children, work.plan.itemsPerTask), work.isTimeUp);
  });
}

function manifestPlace({ run, message, takeover }: SplitWork, { slices }: Fence): SliceAddress {
  return { node: { run, path: message.path }, earlier: takeover?.earlier ?? [], slices };
}

async function sendSlice(
  ports: SplitBatchPorts,
  work: SplitWork,
  fence: Fence,
  slice: Slice,
): Promise<Fence> {
  const { drafts, cursor } = slice;
  const items = fence.items + drafts.reduce((sum, draft) => sum + itemCount(draft), 0);
  assertWithinLimit(ports, items);
  await sendChildren(ports, work, fence.next, slice);
  const note = noteOfRepeatedIds(drafts);
  if (note !== undefined) {
    ports.log.info('ids repeat in a chunk', { ...work.run, path: work.message.path, note });
    await addProgress(ports.table, work.run, {}, { now: ports.clock.now(), note, operations: {} });
  }
  const { cursor: _before, ...fields } = fence;
  return {
    ...fields,
    next: fence.next + drafts.length,
    slices: fence.slices + 1,
    items,
    batches: fence.batches + weightOfBatches(work.message.path, fence.next, drafts),
    ...omitUndefined({ cursor }),
  };
}

function assertWithinLimit({ maxItems }: SplitBatchPorts, items: number): void {
  const failure = tooManyItems(items, maxItems);
  if (failure !== undefined) throw failure;
}

/** Moves the fence and counts the new items. Does nothing if a concurrent invocation moved the fence further. */
async function save(ports: SplitBatchPorts, work: SplitWork, fence: Fence): Promise<void> {
  const { run, message } = work;
  const now = ports.clock.now();
  const saved = await saveFence(ports.table, run, message.path, fence, now);
  if (saved.kind === 'stale') return;
  if (fence.sealed && isCountedWithSeal(fence)) return;
  const delta = isCountedBefore(message)
    ? NO_PROGRESS
    : subtractCounts(countsOf(message, fence), countsOf(message, saved.before));
  const stored = await addProgress(ports.table, run, delta, { now, operations: ports.meter.take(run) });
  assertWithinLimit(ports, stored.found);
}

/** True if the items were counted before, because a step takes them from an earlier step. */
function isCountedBefore({ splitter }: SplitMessage): boolean {
  return splitter === STEP_OUTCOMES_SPLITTER;
}

async function seal(ports: SplitBatchPorts, work: SplitWork, fence: Fence): Promise<SplitOutcome> {
  const { run, message, plan } = work;
  const sealMessage: SealMessage = {
    v: MESSAGE_VERSION,
    kind: 'seal',
    ...run,
    path: message.path,
    children: fence.next,
    itemsPerTask: plan.itemsPerTask,
    ...(isCountedWithSeal(fence) && !isCountedBefore(message)
      ? { found: { items: fence.items, batches: fence.batches } }
      : {}),
    ...(isCountedWithSeal(fence) ? { operations: ports.meter.take(run) } : {}),
  };
  await sendAll(ports.queues, 'results', [{ body: JSON.stringify(sealMessage), group: run.partition }]);
  await save(ports, work, { ...fence, sealed: true });
  return 'sealed';
}

/**
 * Continues the split in another message. If the chain of messages is near its limit, the fence keeps the continuation,
 * and the stream of the table starts a new chain. The limit leaves room for the sub-batches below this node.
 */
async function handOver(ports: SplitBatchPorts, work: SplitWork, fence: Fence): Promise<SplitOutcome> {
  const { run, message } = work;
  const continuation = { ...message, from: fence.next };
  const hopsLeft = MAX_HOPS - (MAX_DEPTH - depthOf(message.path)) - message.hop;
  if (hopsLeft > 0) {
    const body = JSON.stringify({ ...continuation, hop: message.hop + 1 });
    await sendAll(ports.queues, 'split', [{ body, group: run.partition }]);
    await save(ports, work, { ...fence, from: fence.next });
  } else {
    const next = { ...fence, from: fence.next, continuation: JSON.stringify({ ...continuation, hop: 0 }) };
    await save(ports, work, next);
  }
  return 'continued';
}

/**
 * Splits one batch: asks its splitter for children, sends them, and says in the end how many there are.
 *
 * 1. Leave if the job is over, or if this part of the node was split before (the fence); of a paused job, hold it.
 * 2. Take the children slice by slice, from the cursor of the fence; send them; move the fence.
 * 3. When the time is up, hand over to a continuation; when there are no more children, send the seal.
 *
 * Everything is sent before the fence says so: a crash repeats, it never leaves out.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { SealMessage, SplitMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Job, JobRun } from '#core/job.ts';
import { tooManyItems } from '#core/limits.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Objects, Queues, Table, Web } from '#core/ports.ts';
import { NO_PROGRESS, subtractCounts } from '#core/progress.ts';
import { sendAll } from '#core/send.ts';
import type { SplitContext, Splitter } from '#core/splitter.ts';
import { StatusCache } from '#core/status-cache.ts';
import { depthOf } from '#core/task-path.ts';
import { type ReadingPorts, readableObjects } from '../sources/readable-objects.ts';
import { type Fence, NEW_FENCE, readFence, saveFence } from '../store/fences.ts';
import { holdMessages } from '../store/held.ts';
import { readJob } from '../store/jobs.ts';
import { outcomeGroups, stepGroups } from '../store/outcome-groups.ts';
import { addProgress } from '../store/progress.ts';
import { type Parent, runOf } from './child-messages.ts';
import { countsOf, isCountedWithSeal, weightOfBatches } from './counts.ts';
import { itemCount, packChildren } from './pack-children.ts';
import { sendChildren } from './send-children.ts';
import { type Slice, type SliceAddress, cutIntoSlices, firstWrittenSlice } from './slices.ts';
import { noteRestart, removeTroubleNote, failOrThrow, withSplitterErrors } from './split-failures.ts';
import { definitionOf, SplitRequests } from './split-requests.ts';
import { OUTCOMES } from './splitters/outcomes.ts';
import { putRetry, type Takeover, takeoverOf } from './take-over.ts';

/** A batch may be split so often: with a fan-out near 100, depth 4 reaches a hundred million items. */
const MAX_DEPTH = 6;

/** Lambda ends a chain of about 16 runs of one function; ours stay below, recursion and continuations together. */
export const MAX_HOPS = 12;

export interface SplitBatchPorts extends ReadingPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly splitters: readonly Splitter[];
  readonly maxItems: number;
  readonly statusCacheMillis: number;
}

export type SplitOutcome = 'sealed' | 'continued' | 'discarded' | 'held' | 'stale' | 'failed';

interface SplitWork extends Parent {
  readonly run: JobRun;
  readonly splitter: Splitter;
  readonly definition: unknown;
  readonly isTimeUp: () => boolean;
  /** Of a retry. */
  readonly takeover?: Takeover | undefined;
}

/** `receiveCount` is how often the queue has handed the message out, this time included. */
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
    const { decision, known } = await statuses.decide(run);
    if (decision === 'discard' || known === undefined) return 'discarded';
    if (decision === 'hold') {
      await holdMessages(ports.queues, run, 'split', [JSON.stringify(message)]);
      return 'held';
    }
    const stored = (await readFence(ports.table, run, message.path)) ?? NEW_FENCE;
    if (stored.sealed || stored.from > message.from) return 'stale';
    // Whoever sent this message may not have told the fence yet, nor cleared it of the continuation that this is.
    const { continuation: _sent, ...kept } = stored;
    const fence = { ...kept, from: message.from };
    try {
      if (receiveCount > 1) await noteRestart(ports, message, stored.trouble);
      const walk = await prepareWork(ports, requests, { message, job: known, isTimeUp });
      const outcome = await splitFrom(ports, statuses, walk, fence);
      await removeTroubleNote(ports, message, stored.trouble);
      return outcome;
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
  const splitter = ports.splitters.find(({ name }) => name === message.splitter);
  if (splitter === undefined) {
    const names = ports.splitters.map(({ name }) => name).join(', ');
    throw new PermanentFailure('unknown-splitter', `no splitter '${message.splitter}'; there are: ${names}`);
  }
  if (depthOf(message.path) > MAX_DEPTH) {
    throw new PermanentFailure(
      'limit',
      `a batch was split ${depthOf(message.path)} times; at most ${MAX_DEPTH}`,
    );
  }
  const run = runOf(message);
  const request = await requests.read(run, message.step);
  const definition = splitter.definition.safeParse(await definitionOf(ports.objects, message, request));
  if (!definition.success) {
    const [issue] = definition.error.issues;
    const place = issue === undefined ? '' : `/${issue.path.join('/')}: ${issue.message}`;
    throw new PermanentFailure('invalid-definition', `definition of splitter '${splitter.name}' at ${place}`);
  }
  const { parameters, parametersKey, step } = request;
  // What stands for outcomes of a step is made anew: those may be others now.
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
    splitter,
    definition: definition.data,
    parameters,
    ...(parametersKey === undefined ? {} : { parametersKey }),
  };
}

/** Slices from the fence on, until there are no more children, the time is up or the job is over. */
async function splitFrom(
  ports: SplitBatchPorts,
  statuses: StatusCache<Job>,
  walk: SplitWork,
  start: Fence,
): Promise<SplitOutcome> {
  let fence = start;
  for (;;) {
    for await (const taken of slicesFrom(ports, walk, fence)) {
      const { slice, isOurs } = walk.splitter.stable
        ? { slice: taken, isOurs: true }
        : await firstWrittenSlice(ports.objects, manifestPlace(walk, fence), taken);
      fence = await sendSlice(ports, walk, fence, slice);
      if (slice.end) return seal(ports, walk, fence);
      await save(ports, walk, fence);
      const { decision } = await statuses.decide(walk.run);
      if (decision === 'discard') return 'discarded';
      if (walk.isTimeUp() || decision === 'hold') return handOver(ports, walk, fence);
      // Another run wrote this slice first, so our splitter may stand elsewhere: begin again at its cursor.
      if (!isOurs) break;
    }
  }
}

function slicesFrom(ports: SplitBatchPorts, walk: SplitWork, fence: Fence): AsyncGenerator<Slice> {
  const { partition, job } = walk.run;
  const context: SplitContext = {
    partition,
    job,
    generation: walk.run.generation,
    itemsPerTask: walk.plan.itemsPerTask,
    objects: readableObjects(ports, partition),
    clock: ports.clock,
    web: ports.web,
    findJob: (other) => readJob(ports.table, { partition, job: other }),
    findOutcomes: (other) => outcomeGroups(ports.table, other),
    ...(walk.message.inputs === undefined ? {} : { stepBefore: stepGroups(walk.run, walk.message.inputs) }),
    ...(fence.cursor === undefined ? {} : { cursor: fence.cursor }),
  };
  return withSplitterErrors(() => {
    const children = walk.splitter.split(walk.definition, context);
    return cutIntoSlices(packChildren(children, walk.plan.itemsPerTask), walk.isTimeUp);
  });
}

function manifestPlace({ run, message, takeover }: SplitWork, { slices }: Fence): SliceAddress {
  return { node: { run, path: message.path }, earlier: takeover?.earlier ?? [], slices };
}

async function sendSlice(ports: SplitBatchPorts, walk: SplitWork, fence: Fence, slice: Slice): Promise<Fence> {
  const { drafts, cursor } = slice;
  const items = fence.items + drafts.reduce((sum, draft) => sum + itemCount(draft), 0);
  assertWithinLimit(ports, items);
  await sendChildren(ports, walk, fence.next, slice);
  const { cursor: _before, ...kept } = fence;
  return {
    ...kept,
    next: fence.next + drafts.length,
    slices: fence.slices + 1,
    items,
    batches: fence.batches + weightOfBatches(walk.message.path, fence.next, drafts),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function assertWithinLimit({ maxItems }: SplitBatchPorts, items: number): void {
  const failure = tooManyItems(items, maxItems);
  if (failure !== undefined) throw failure;
}

/** Moves the fence, and counts what this made known. A twin that came further is left in peace. */
async function save(ports: SplitBatchPorts, walk: SplitWork, fence: Fence): Promise<void> {
  const { run, message } = walk;
  const now = ports.clock.now();
  const saved = await saveFence(ports.table, run, message.path, fence, now);
  if (saved.outcome === 'stale') return;
  if (fence.sealed && isCountedWithSeal(fence)) return;
  const delta = isKnown(message)
    ? NO_PROGRESS
    : subtractCounts(countsOf(message, fence), countsOf(message, saved.before));
  const stored = await addProgress(ports.table, run, delta, { now, operations: ports.meter.take(run) });
  assertWithinLimit(ports, stored.found);
}

/** Items that a step takes from the one before. */
function isKnown({ splitter }: SplitMessage): boolean {
  return splitter === OUTCOMES;
}

async function seal(ports: SplitBatchPorts, walk: SplitWork, fence: Fence): Promise<SplitOutcome> {
  const { run, message, plan } = walk;
  const sealMessage: SealMessage = {
    v: MESSAGE_VERSION,
    kind: 'seal',
    ...run,
    path: message.path,
    children: fence.next,
    itemsPerTask: plan.itemsPerTask,
    ...(isCountedWithSeal(fence) && !isKnown(message)
      ? { found: { items: fence.items, batches: fence.batches } }
      : {}),
    ...(isCountedWithSeal(fence) ? { operations: ports.meter.take(run) } : {}),
  };
  await sendAll(ports.queues, 'results', [{ body: JSON.stringify(sealMessage), group: run.partition }]);
  await save(ports, walk, { ...fence, sealed: true });
  return 'sealed';
}

/**
 * The rest goes to a message of its own. Where the chain of messages has grown long, it goes through the table's
 * stream instead, which begins a new chain; room is kept for the recursion below this node.
 */
async function handOver(ports: SplitBatchPorts, walk: SplitWork, fence: Fence): Promise<SplitOutcome> {
  const { run, message } = walk;
  const continuation = { ...message, from: fence.next };
  const hopsLeft = MAX_HOPS - (MAX_DEPTH - depthOf(message.path)) - message.hop;
  if (hopsLeft > 0) {
    const body = JSON.stringify({ ...continuation, hop: message.hop + 1 });
    await sendAll(ports.queues, 'split', [{ body, group: run.partition }]);
    await save(ports, walk, { ...fence, from: fence.next });
  } else {
    const next = { ...fence, from: fence.next, continuation: JSON.stringify({ ...continuation, hop: 0 }) };
    await save(ports, walk, next);
  }
  return 'continued';
}

/**
 * Runs the chunks of one invocation of a worker: runs their items and sends one report with the outcomes for each job.
 *
 * Redelivered chunks run alone after the others, because one of them may have crashed the worker. Each writes a mark while
 * it runs. A chunk with a mark from an earlier invocation is a suspect, and suspects run last. A poison chunk therefore
 * takes no other chunk with it.
 */

import { type ChunkMessage, chunkMessage } from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { NewerVersion } from '#core/errors.ts';
import { decideWork, type JobKey, type JobRun, runId, runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { MIN_SLOW_MILLIS } from '#core/slowest.ts';
import { StatusCache } from '#core/status-cache.ts';
import { ClaimLost, readClaimedField } from '../store/claim-check.ts';
import { holdMessages } from '../store/held.ts';
import type { JobState } from '../store/jobs.ts';
import { chunkErrorKey } from '../store/object-keys.ts';
import { type ChunkResult, reportsOf } from '../store/reports.ts';
import type { RunItemPorts } from './attempt.ts';
import type { Worker } from './define-worker.ts';
import { type LoadedChunk, loadChunk } from './load-chunk.ts';
import { settleLostChunk } from './lost-chunk.ts';
import { fieldsOf, markOf, type Received, withSuspectsLast } from './received-chunk.ts';
import { dropChunkNotes, keepChunkError, keepChunkNote, RetryNotes } from './retry-notes.ts';
import { type Runnable, runItems } from './run-items.ts';
import { type Settled, settleChunk } from './settle-chunk.ts';

export interface RunInvocationPorts extends RunItemPorts {
  readonly queues: Queues;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Returns the status of a job (strongly consistent read). Workers have no other permission on the table. */
  readonly readStatus: (job: JobKey) => Promise<JobState | undefined>;
  readonly statusCacheMillis: number;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  /** Number of times that the queue delivered the message, including this time. */
  readonly receiveCount: number;
}

/** Returns the ids of messages to redeliver. The signal is aborted shortly before the time of the invocation is up. */
export type RunInvocation = (
  records: readonly ReceivedMessage[],
  signal: AbortSignal,
) => Promise<{ failed: ReadonlySet<string> }>;

export function runInvocation<P>(worker: Worker<P>, ports: RunInvocationPorts): RunInvocation {
  const statuses = new StatusCache(ports.readStatus, ports.clock, ports.statusCacheMillis);
  const invocation = { worker, ports, statuses, notes: new RetryNotes(ports.clock) };

  return async (records, signal) => {
    const failed = new Set<string>();
    const received = await acceptMessages(invocation, records, failed);
    await runGroup(invocation, {
      group: received.filter(({ isRedelivered }) => !isRedelivered),
      signal,
      failed,
    });
    for (const one of await withSuspectsLast(
      ports,
      received.filter(({ isRedelivered }) => isRedelivered),
      failed,
    )) {
      await runRedelivered(invocation, { one, signal, failed });
    }
    return { failed };
  };
}

interface Invocation<P> {
  readonly worker: Worker<P>;
  readonly ports: RunInvocationPorts;
  readonly statuses: StatusCache<JobState>;
  readonly notes: RetryNotes;
}

async function acceptMessages<P>(
  { ports, statuses, worker }: Invocation<P>,
  records: readonly ReceivedMessage[],
  failed: Set<string>,
): Promise<Received[]> {
  const newer = new Set<string>();
  const accepted = await mapParallel(records, records.length, async ({ id, body, receiveCount }) => {
    let chunk: ChunkMessage | undefined;
    try {
      const parsed = parseMessage(chunkMessage, body);
      // The message becomes a dead letter. Only the reader of dead letters may send it to the queue `unroutable`.
      if (!parsed.ok) throw new Error(parsed.reason);
      chunk = parsed.message;
      const { decision } = await statuses.decide(runOf(chunk));
      if (decision === 'hold') {
        await holdMessages(ports.queues, runOf(chunk), `worker:${worker.name}`, [body]);
      }
      if (decision !== 'run') return undefined;
      return { id, chunk, isRedelivered: receiveCount > 1 };
    } catch (error) {
      if (error instanceof NewerVersion) newer.add(error.message);
      else {
        const fields = chunk === undefined ? {} : fieldsOf(chunk);
        ports.log.warn('chunk could not be accepted', { ...fields, error: String(error) });
      }
      failed.add(id);
      return undefined;
    }
  });
  for (const reason of newer) ports.log.warn('chunk of a later release', { reason });
  return accepted.filter((one) => one !== undefined);
}

interface Group {
  readonly group: readonly Received[];
  readonly signal: AbortSignal;
  readonly failed: Set<string>;
}

/** Runs chunks in parallel and sends one report for each job. */
async function runGroup<P>(invocation: Invocation<P>, { group, signal, failed }: Group): Promise<void> {
  const { ports } = invocation;
  if (group.length === 0) return;
  const settled: SettledChunk[] = [];
  const loaded = await loadAll(invocation, { group, settled, failed });
  const { worker, statuses, notes } = invocation;
  const activeGeneration = (run: JobRun) => {
    const cached = statuses.cached(run);
    return cached === undefined ? decidedGeneration(statuses, run) : generationOf(cached, run);
  };
  const runs = await runItems(worker, { ...ports, activeGeneration, notes }, { chunks: loaded, signal });
  await mapParallel(loaded, loaded.length, async (one) => {
    const { id, chunk } = one;
    try {
      const { results, ranMillis } = runs.get(one) ?? { results: [], ranMillis: 0 };
      const { decision } = await invocation.statuses.decide(runOf(chunk.chunk));
      if (decision === 'discard') return;
      const result = await settleChunk(
        { ...ports, now: ports.clock.now() },
        afterRun(chunk, ranMillis),
        results,
      );
      await keepChunkNote(ports, result);
      settled.push({ id, result });
    } catch (error) {
      ports.log.warn('chunk could not be settled', { ...fieldsOf(chunk.chunk), error: String(error) });
      failed.add(id);
      await keepChunkError(ports, notes, chunk.chunk, error);
    }
  });
  await sendSettled(invocation, settled, failed);
}

/** Adds the time of this invocation to a chunk. A chunk that ran too shortly to be shown stays as it is. */
function afterRun(loaded: LoadedChunk, millis: number): LoadedChunk {
  const ranMillis = (loaded.chunk.ranMillis ?? 0) + millis;
  return ranMillis < MIN_SLOW_MILLIS ? loaded : { ...loaded, chunk: { ...loaded.chunk, ranMillis } };
}

async function decidedGeneration(statuses: StatusCache<JobState>, run: JobRun): Promise<number | undefined> {
  const { jobStatus } = await statuses.decide(runOf(run));
  return generationOf(jobStatus, run);
}

/** Returns the number of the first run of the job, or `undefined` if the run must not continue. */
function generationOf(status: JobState | undefined, { runNumber }: JobRun): number | undefined {
  return decideWork(status, runNumber) === 'run' ? status?.generation : undefined;
}

interface SettledChunk {
  readonly id: string;
  readonly result: Settled;
}

interface Loaded extends Runnable {
  readonly id: string;
}

async function loadAll<P>(
  { ports, notes }: Invocation<P>,
  { group, settled, failed }: Omit<Group, 'signal'> & { readonly settled: SettledChunk[] },
): Promise<Loaded[]> {
  const loaded = await mapParallel(group, group.length, async ({ id, chunk }) => {
    try {
      const parameters = await readClaimedField(
        ports.objects,
        chunk.partition,
        chunk.parameters ?? {},
        chunk.parametersKey,
      );
      return { id, chunk: await loadChunk(ports.objects, chunk), parameters };
    } catch (error) {
      ports.log.warn('chunk could not be loaded', { ...fieldsOf(chunk), error: String(error) });
      try {
        if (!(error instanceof ClaimLost)) throw error;
        settled.push(...(await settleLost(ports, { id, chunk }, error)));
      } catch {
        failed.add(id);
        await keepChunkError(ports, notes, chunk, error);
      }
      return undefined;
    }
  });
  return loaded.filter((one) => one !== undefined);
}

/** Settles a chunk whose object is lost. If the job is final, its objects may be deleted, and the chunk is dropped. */
async function settleLost(
  ports: RunInvocationPorts,
  { id, chunk }: Omit<Received, 'isRedelivered'>,
  lost: ClaimLost,
): Promise<SettledChunk[]> {
  const status = await ports.readStatus(chunk);
  if (decideWork(status, chunk.runNumber) === 'discard') return [];
  const result = await settleLostChunk({ ...ports, now: ports.clock.now() }, chunk, lost);
  // The reader of dead letters has the permission to fail the job.
  if (result === undefined) throw lost;
  return [{ id, result }];
}

async function sendSettled<P>(
  { ports, worker, notes }: Invocation<P>,
  settled: readonly SettledChunk[],
  failed: Set<string>,
): Promise<void> {
  const byJob = Map.groupBy(settled, ({ result }) => runId(result.chunk));
  await mapParallel([...byJob.values()], 4, async (entries) => {
    const [first] = entries;
    if (first === undefined) return;
    const run = runOf(first.result.chunk);
    const group = run.partition;
    try {
      const again = entries.flatMap(({ result }) => (result.kind === 'again' ? [result] : []));
      await sendAll(
        ports.queues,
        `worker:${worker.name}`,
        again.map(({ body, delaySeconds }) => ({ body, group, delaySeconds })),
      );
      const finished = entries.flatMap(({ result }): ChunkResult[] =>
        result.kind === 'again' ? [] : [result],
      );
      // Before the report, because the next worker of the pipeline may write its own note afterwards.
      await dropChunkNotes(ports, finished);
      const reports = await reportsOf(ports, run, finished, ports.meter.take(run));
      await sendAll(
        ports.queues,
        'reports',
        reports.map((report) => ({ body: JSON.stringify(report), group })),
      );
    } catch (error) {
      const chunks = entries.map(({ result: { chunk } }) => ({ path: chunk.path, index: chunk.index }));
      ports.log.warn('chunks could not be reported', { ...run, chunks, error: String(error) });
      for (const { id, result } of entries) {
        failed.add(id);
        await keepChunkError(ports, notes, result.chunk, error);
      }
    }
  });
}

/**
 * Runs one redelivered chunk alone. It may have been reported before, which a worker cannot see: then the tracker ignores
 * the second report.
 */
async function runRedelivered<P>(
  invocation: Invocation<P>,
  { one, signal, failed }: { one: Received; signal: AbortSignal; failed: Set<string> },
): Promise<void> {
  const { ports } = invocation;
  try {
    await ports.objects.put(markOf(one.chunk), one.id);
    await runGroup(invocation, { group: [one], signal, failed });
    // The reader of dead letters needs the error of a chunk that failed again.
    const error = failed.has(one.id) ? [] : [chunkErrorKey(one.chunk, one.chunk.path, one.chunk.index)];
    await ports.objects.delete([markOf(one.chunk), ...error]);
  } catch (error) {
    ports.log.warn('redelivered chunk could not be run', { ...fieldsOf(one.chunk), error: String(error) });
    failed.add(one.id);
  }
}

/**
 * Records what workers report and splitters seal, and ends the job when everything is recorded.
 *
 * 1. Drop what belongs to jobs that are over; put aside what is no message, or what its sender may not say.
 * 2. Write the failures; send chunks with more workers in their pipeline on.
 * 3. Tick the pages and follow what becomes complete (`cascade.ts`).
 * 4. A step of a template complete: its state machine goes on. Root complete: the one transaction that ends the job.
 * 5. Count progress, at most one write a second and job.
 *
 * Every write is safe to repeat; a message is given back only if something it stands for could not be written.
 */
import { decideWork, finalStatus, type Job, type JobRun } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock, Log, Objects, Queues, Random, StateMachines, Table } from '#core/ports.ts';
import { StatusCache } from '#core/status-cache.ts';
import { TRANSITIONS_OF_END } from '#core/template/leaving.ts';
import { wake } from '../store/dependents.ts';
import { MAX_FAILURE_ROWS, putFailures } from '../store/failures.ts';
import { endJob, markDone, readJob, readStatus } from '../store/jobs.ts';
import { touchPage } from '../store/pages.ts';
import { type Accepted, acceptRecords, type ReceivedRecord } from './accept-records.ts';
import { type CascadeOutcome, cascade, Ticks } from './cascade.ts';
import { endCompleteSteps, endFlow, flowTotals, noteReport } from './end-steps.ts';
import { forwardChunks } from './forward-chunks.ts';
import { holdWork } from './hold-work.ts';
import { ProgressLedger, runId } from './progress-ledger.ts';
import { writeLast } from './write-last.ts';
import { countOutcome, writeProgress } from './write-progress.ts';

export interface TrackResultsPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly machines: StateMachines;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly maxItems: number;
  readonly statusCacheMillis: number;
}

/** Ids of the records that must come again. */
export type TrackResults = (records: readonly ReceivedRecord[]) => Promise<{ failed: ReadonlySet<string> }>;

const PARALLEL_RECORDS = 16;

export function trackResults(ports: TrackResultsPorts): TrackResults {
  const statuses = new StatusCache<Job>(
    (key) => readJob(ports.table, key),
    ports.clock,
    ports.statusCacheMillis,
  );
  const ledger = new ProgressLedger(ports.clock);
  const failedSoFar = new Map<string, number>();

  return async (records) => {
    const failed = new Set<string>();
    const accepted = await acceptRecords(ports, statuses, records, failed);
    await keepHeld(ports, accepted, failed);
    const written = await mapParallel(accepted, PARALLEL_RECORDS, async (record) => {
      try {
        return await writeAside({ ...ports, ledger }, record, failedSoFar);
      } catch (error) {
        ports.log.warn('result could not be written', { ...record.run, error: String(error) });
        failed.add(record.id);
        return undefined;
      }
    });
    const ticks = new Ticks();
    for (const record of written) if (record !== undefined) tickRecord(ticks, record);
    const outcome = await cascade(ticks, (touch) => touchPage(ports.table, touch, ports.clock.now()));
    for (const id of outcome.failed) failed.add(id);
    for (const { run, error, ...page } of outcome.unwritten) {
      ports.log.warn('page could not be written', { ...run, ...page, error: String(error) });
    }
    for (const node of outcome.sealedOtherwise)
      ports.log.alarm('node sealed twice with another size', { ...node.run });
    const jobs = new Map(accepted.map(({ run, job }) => [runId(run), job]));
    countOutcome(ledger, outcome, jobs);
    for (const { id, run, message } of accepted) {
      if (failed.has(id)) continue;
      if ('operations' in message) ledger.add(run, {}, message.operations);
      if (message.kind === 'progress') ledger.add(run, {}, {}, message.note);
    }
    const ended = await endCompleteSteps(ports, jobs, outcome, failed);
    await endCompleteJobs(ports, ledger, jobs, outcome, failed);
    await writeProgress(ports, ledger, { jobs, ended }, failedSoFar);
    return { failed };
  };
}

/** What the end costs that is still to come: a read, then a transaction on the rows of job and history. */
const END_OPERATIONS = { readUnits: 1, writeUnits: 4 };

/** Work of paused jobs, in as few objects as the batch allows. */
async function keepHeld(
  ports: TrackResultsPorts,
  accepted: readonly Accepted[],
  failed: Set<string>,
): Promise<void> {
  const held = accepted.filter(({ message }) => message.kind === 'held');
  for (const records of Map.groupBy(held, ({ run }) => runId(run)).values()) {
    const messages = records.flatMap(({ message }) => (message.kind === 'held' ? [message] : []));
    try {
      if (records[0] !== undefined) await holdWork(ports, records[0].run, messages);
    } catch (error) {
      ports.log.warn('work could not be held', { ...records[0]?.run, error: String(error) });
      for (const { id } of records) failed.add(id);
    }
  }
}

/** What a message brings beside its ticks: failures to keep, chunks for the next worker, a job to look at. */
async function writeAside(
  ports: TrackResultsPorts & { readonly ledger: ProgressLedger },
  record: Accepted,
  failedSoFar: Map<string, number>,
): Promise<Accepted> {
  const { message, run, job } = record;
  if (message.kind === 'wake') await wake(ports.table, run);
  if (message.kind === 'flow') return endFlow(ports, record, message);
  if (message.kind !== 'report') return record;
  const kept = (failedSoFar.get(runId(run)) ?? 0) < MAX_FAILURE_ROWS;
  if (kept && message.failures !== undefined) await putFailures(ports.table, run, message.failures);
  if (job.flow !== undefined) await noteReport(ports, job, message);
  return { ...record, message: await forwardChunks(ports, run, message) };
}

function tickRecord(ticks: Ticks, { id, run, job, message }: Accepted): void {
  if (message.kind === 'held' || message.kind === 'wake' || message.kind === 'flow') return;
  const sources = [id];
  if (message.kind === 'progress') {
    const { itemsPerTask } = job.plan;
    const thousandths = Math.floor(1_000 * message.fraction * Math.min(message.items, itemsPerTask));
    ticks.update({ run, path: message.path, itemsPerTask, sources }, message.index, thousandths);
    return;
  }
  const { itemsPerTask } = message;
  if (message.kind === 'seal') {
    ticks.seal({ run, path: message.path, itemsPerTask, sources }, message.children, message.found);
    return;
  }
  for (const { path, d, x } of message.nodes) {
    const node = { run, path, itemsPerTask, sources };
    for (const index of d) ticks.child(node, index, { items: itemsPerTask, failed: 0, skipped: 0 }, 'chunk');
    for (const [index, items, itemsFailed, skipped] of x) {
      ticks.child(node, index, { items, failed: itemsFailed, skipped }, 'chunk');
    }
  }
}

async function endCompleteJobs(
  ports: TrackResultsPorts,
  ledger: ProgressLedger,
  jobs: ReadonlyMap<string, Job>,
  outcome: CascadeOutcome,
  failed: Set<string>,
): Promise<void> {
  for (const { run, totals: all, sources } of outcome.complete) {
    const job = jobs.get(runId(run));
    if (job === undefined) continue;
    try {
      // The root has the items of every visit of every step.
      const totals = job.flow === undefined ? all : ((await flowTotals(ports.table, run)) ?? all);
      const status = finalStatus(job.plan.onItemFailure, totals);
      const now = ports.clock.now();
      const end = job.flow === undefined ? {} : { stateTransitions: TRANSITIONS_OF_END.done };
      await writeLast({ ...ports, ledger }, run, { ...END_OPERATIONS, ...end });
      await endOrMark(ports, run, { status, totals, now });
    } catch (error) {
      ports.log.warn('job could not be ended', { ...run, error: String(error) });
      for (const id of sources) failed.add(id);
    }
  }
}

/** Ends the job, or, while it is paused, notes that it ends when it is resumed; whichever its status lets happen. */
async function endOrMark(
  ports: TrackResultsPorts,
  run: JobRun,
  end: Parameters<typeof endJob>[2],
): Promise<void> {
  for (;;) {
    if ((await endJob(ports.table, run, end)) === 'ended') {
      ports.log.info('job ended', { ...run, status: end.status, ...end.totals });
      return;
    }
    if ((await markDone(ports.table, run, end.totals)) === 'marked') return;
    const current = await readStatus(ports.table, run, { strong: true });
    if (decideWork(current, run.generation) === 'discard') return;
  }
}

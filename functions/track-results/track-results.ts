/**
 * Records what workers report and splitters seal, and ends the job when everything is recorded.
 *
 * 1. Drop what belongs to jobs that are over; put what is no message aside.
 * 2. Write the failures; send chunks with more workers in their pipeline on.
 * 3. Tick the pages and follow what becomes complete (`cascade.ts`).
 * 4. Root complete: the one transaction that ends the job.
 * 5. Count progress, at most one write a second and job.
 *
 * Every write is safe to repeat; a message is given back only if something it stands for could not be written.
 */
import { parseMessage, type ReportMessage, type ResultsMessage, resultsMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { decideWork, finalStatus, hasLimit, isOverLimit, type Job, type JobRun } from '#core/job.ts';
import { tooManyItems } from '#core/limits.ts';
import { addOperations, type Meter } from '#core/meter.ts';
import type { Totals } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock, Log, Objects, Queues, Random, Table } from '#core/ports.ts';
import { type Progress, progressOfNode } from '#core/progress.ts';
import { sendAll } from '#core/send.ts';
import { StatusCache } from '#core/status-cache.ts';
import { MAX_FAILURE_ROWS, putFailures } from '../store/failures.ts';
import { endJob, markDone, moveJob, readJob, readStatus } from '../store/jobs.ts';
import { touchPage } from '../store/pages.ts';
import { addProgress, type StoredProgress } from '../store/progress.ts';
import { putAside } from '../store/put-aside.ts';
import { type CascadeOutcome, cascade, Ticks } from './cascade.ts';
import { holdWork } from './hold-work.ts';
import { type Counted, ProgressLedger } from './progress-ledger.ts';

export interface TrackResultsPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly maxItems: number;
  readonly statusCacheMillis: number;
}

export interface ReceivedRecord {
  readonly id: string;
  readonly body: string;
}

/** Ids of the records that must come again. */
export type TrackResults = (records: readonly ReceivedRecord[]) => Promise<{ failed: ReadonlySet<string> }>;

interface Accepted {
  readonly id: string;
  readonly run: JobRun;
  readonly job: Job;
  readonly message: ResultsMessage;
}

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
        return await writeAside(ports, record, failedSoFar);
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
    for (const node of outcome.sealedOtherwise)
      ports.log.alarm('node sealed twice with another size', { ...node.run });
    countOutcome(ledger, outcome);
    for (const { id, run, message } of accepted) {
      if ('operations' in message && !failed.has(id)) ledger.add(run, {}, message.operations);
    }
    const jobs = new Map(accepted.map(({ run, job }) => [runId(run), job]));
    await endCompleteJobs(ports, ledger, jobs, outcome, failed);
    await writeProgress(ports, ledger, jobs, failedSoFar);
    return { failed };
  };
}

/** What the end costs that is still to come: a read, then a transaction on the rows of job and history. */
const END_OPERATIONS = { readUnits: 1, writeUnits: 4 };

function runId({ partition, job, generation }: JobRun): string {
  return JSON.stringify([partition, job, generation]);
}

/** The messages of jobs that still want results; what nobody can read is put aside, never retried. */
async function acceptRecords(
  ports: TrackResultsPorts,
  statuses: StatusCache<Job>,
  records: readonly ReceivedRecord[],
  failed: Set<string>,
): Promise<Accepted[]> {
  const accepted = await mapParallel(records, PARALLEL_RECORDS, async ({ id, body }) => {
    try {
      const parsed = parseMessage(resultsMessage, body);
      if (!parsed.ok) {
        await putAside(ports, 'no results message', parsed.reason, body);
        return undefined;
      }
      const { message } = parsed;
      const run: JobRun = { partition: message.partition, job: message.job, generation: message.generation };
      const { decision, known } = await statuses.decide(run);
      if (decision === 'discard' || known === undefined) return undefined;
      return { id, run, job: known, message };
    } catch (error) {
      ports.log.warn('result could not be accepted', { error: String(error) });
      failed.add(id);
      return undefined;
    }
  });
  return accepted.filter((record) => record !== undefined);
}

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

/** What a report brings beside its ticks: failures to keep, chunks for the next worker. */
async function writeAside(
  ports: TrackResultsPorts,
  record: Accepted,
  failedSoFar: Map<string, number>,
): Promise<Accepted> {
  const { message, run } = record;
  if (message.kind !== 'report') return record;
  const kept = (failedSoFar.get(runId(run)) ?? 0) < MAX_FAILURE_ROWS;
  if (kept && message.failures !== undefined) await putFailures(ports.table, run, message.failures);
  return forwardChunks(ports, record, message);
}

/** Sends chunks on to the next worker; one that nobody can route is recorded as failed, so that the job still ends. */
async function forwardChunks(
  ports: TrackResultsPorts,
  record: Accepted,
  report: ReportMessage,
): Promise<Accepted> {
  const { run } = record;
  const nodes = [...report.nodes];
  for (const chunk of report.forward ?? []) {
    const queue = `worker:${chunk.worker}` as const;
    if (ports.queues.has(queue)) {
      await sendAll(ports.queues, queue, [{ body: JSON.stringify(chunk), group: run.partition }]);
      continue;
    }
    const reason = `no worker '${chunk.worker}' is deployed`;
    await putAside(ports, 'chunk without a worker', reason, JSON.stringify(chunk));
    const done = (chunk.done ?? []) as OutcomeRecord[];
    const items =
      (chunk.range?.count ?? chunk.items?.length ?? report.itemsPerTask - done.length) + done.length;
    const skipped = done.filter(({ outcome }) => outcome === 'skipped').length;
    const place = { path: chunk.path, index: chunk.index };
    const failure = failureOf(place, new PermanentFailure('unroutable', reason), {
      now: ports.clock.now(),
      attempts: 0,
    });
    await putFailures(ports.table, run, [failure]);
    nodes.push({ path: chunk.path, d: [], x: [[chunk.index, items, items - skipped, skipped]] });
  }
  return { ...record, message: { ...report, nodes } };
}

function tickRecord(ticks: Ticks, { id, run, message }: Accepted): void {
  if (message.kind === 'held') return;
  const { itemsPerTask } = message;
  const sources = [id];
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

function countOutcome(ledger: ProgressLedger, { counted, found }: CascadeOutcome): void {
  for (const { run, totals } of counted) {
    const { items: done, failed, skipped } = totals;
    ledger.add(run, { done, failed, skipped });
  }
  for (const { run, path, found: of } of found) ledger.add(run, progressOfNode(path, of, true));
}

async function endCompleteJobs(
  ports: TrackResultsPorts,
  ledger: ProgressLedger,
  jobs: ReadonlyMap<string, Job>,
  outcome: CascadeOutcome,
  failed: Set<string>,
): Promise<void> {
  for (const { run, totals, sources } of outcome.complete) {
    const job = jobs.get(runId(run));
    if (job === undefined) continue;
    try {
      const status = finalStatus(job.plan.onItemFailure, totals);
      const now = ports.clock.now();
      // First, so that whoever sees the job final sees all that it cost.
      const { delta, operations } = ledger.takeAll(run);
      ports.meter.count(run, addOperations(operations, END_OPERATIONS));
      await addProgress(ports.table, run, delta, { now, operations: ports.meter.take(run) });
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

async function writeProgress(
  ports: TrackResultsPorts,
  ledger: ProgressLedger,
  jobs: ReadonlyMap<string, Job>,
  failedSoFar: Map<string, number>,
): Promise<void> {
  const isUrgent = ({ run, delta }: Counted) => mayNotWait(jobs.get(runId(run)), delta);
  for (const { run, delta, operations } of ledger.takeDue(isUrgent)) {
    try {
      ports.meter.count(run, operations);
      const now = ports.clock.now();
      const stored = await addProgress(ports.table, run, delta, { now, operations: ports.meter.take(run) });
      failedSoFar.set(runId(run), stored.failed);
      const job = jobs.get(runId(run));
      if (job !== undefined) await endIfOverLimit(ports, job, stored);
    } catch (error) {
      // Progress is worth no redelivery: the totals at the end are exact without it.
      ports.log.warn('progress could not be written', { ...run, error: String(error) });
    }
  }
}

/**
 * What an instance may not keep for the next second, since it may never be called again: what was found, without which
 * the percent stays wrong until the job ends, and failures that may end the job. With the window of a second in which
 * Lambda gathers results, that is hardly more than a write a second.
 */
function mayNotWait(job: Job | undefined, { batchesSealed, failed }: Progress): boolean {
  if (job === undefined) return false;
  return batchesSealed > 0 || (failed > 0 && hasLimit(job.plan.onItemFailure));
}

/** Too many items, or too many that failed: the job ends now, the rest of its work is dropped wherever it turns up. */
async function endIfOverLimit(ports: TrackResultsPorts, job: Job, progress: StoredProgress): Promise<void> {
  const reason = tooManyItems(progress.found, ports.maxItems) ?? tooManyFailures(job, progress);
  if (reason === undefined) return;
  const now = ports.clock.now();
  const failure = failureOf({ path: '' }, reason, { now, attempts: 1 });
  await moveJob(ports.table, job, 'fail', { now, generation: job.generation, failure });
}

function tooManyFailures(job: Job, { found, failed, skipped }: Progress): PermanentFailure | undefined {
  const totals: Totals = { items: found, failed, skipped };
  // A share of the items is judged by the exact totals at the end only: a crash may have kept `found` too small.
  if (!isOverLimit(job.plan.onItemFailure, totals, false)) return undefined;
  return new PermanentFailure(
    'too-many-failures',
    `${failed} of ${found} items failed, more than onItemFailure allows; retry them, or allow more`,
  );
}

import { PermanentFailure } from '#core/errors.ts';
import { tooManyItems } from '#core/item-limit.ts';
import { decideWork, hasLimit, isOverLimit, type Job, type JobRun, runId } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Totals } from '#core/page.ts';
import type { Clock, Log, Table } from '#core/ports.ts';
import { type Progress, progressOfNode } from '#core/progress.ts';
import { LONGEST_RUN_MILLIS } from '#core/stragglers.ts';
import { nodeOf } from '#core/task-path.ts';
import { failJob, readStatus } from '../store/jobs.ts';
import { addProgress, type StoredProgress } from '../store/progress.ts';
import type { Accepted } from './accept-records.ts';
import type { CascadeResult } from './cascade.ts';
import type { Counted, ProgressLedger } from './progress-ledger.ts';

export interface WriteProgressPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly maxItems: number;
}

export interface ProgressFacts {
  readonly accepted: readonly Accepted[];
  readonly result: Pick<CascadeResult, 'counts' | 'sealedNodes'>;
  readonly jobs: ReadonlyMap<string, Job>;
  /** Ids of the messages that are redelivered. Their notes and operations are counted then. */
  readonly failed: ReadonlySet<string>;
}

/** Adds to the ledger everything that the messages made known about their jobs. */
export function countProgress(
  ledger: ProgressLedger,
  { accepted, result, jobs, failed }: ProgressFacts,
): void {
  countCascade(ledger, result, jobs);
  for (const { id, run, message } of accepted) {
    if (failed.has(id)) continue;
    if ('operations' in message) ledger.add(run, {}, message.operations);
    if (message.kind === 'report' && message.slowest !== undefined) {
      ledger.addSlowest(
        run,
        message.slowest.map(([path, millis]) => ({ path, millis })),
      );
    }
    if (message.kind === 'progress') ledger.add(run, {}, {}, message.note);
  }
}

/** Counts items by job, or by visit of a step if the job runs a template. */
function countCascade(
  ledger: ProgressLedger,
  { counts, sealedNodes }: ProgressFacts['result'],
  jobs: ReadonlyMap<string, Job>,
): void {
  const hasSteps = (run: JobRun) => jobs.get(runId(run))?.flow !== undefined;
  for (const { run, path, totals, underway } of counts) {
    const { items: done, failed, skipped } = totals;
    const delta = { done, failed, skipped, underway };
    if (hasSteps(run)) ledger.addToVisit(run, nodeOf(path), delta);
    else ledger.add(run, delta);
  }
  for (const { run, path, found: size } of sealedNodes) {
    ledger.add(run, progressOfNode(path, size, { sealed: true, first: hasSteps(run) ? 1 : 0 }));
  }
}

export interface WriteOccasion {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Ids of the runs whose step has just ended. */
  readonly ended: ReadonlySet<string>;
  /** True if probably no message is left. The instance may not be invoked again, so it keeps no counts. */
  readonly isLast: boolean;
}

/**
 * Writes the progress that is due, at most once a second for each job while batches are full, and fails jobs that exceed a
 * limit. Urgent counts are written at once.
 */
export async function writeProgress(
  ports: WriteProgressPorts,
  ledger: ProgressLedger,
  { jobs, ended, isLast }: WriteOccasion,
  failedCounts: Map<string, number>,
): Promise<void> {
  const isUrgent = (counted: Counted) =>
    isLast ||
    // The flow may now end in another function. The cost of its step would then be counted too late.
    ended.has(runId(counted.run)) ||
    hasDecreased(counted) ||
    cannotWait(jobs.get(runId(counted.run)), counted.delta);
  for (const { run, delta, visits, operations, slowest, note, countedAt = 0 } of ledger.takeDue(isUrgent)) {
    try {
      const now = ports.clock.now();
      if (now - countedAt > LONGEST_RUN_MILLIS && (await isFinalRun(ports.table, run))) continue;
      ports.meter.count(run, operations);
      const written = { now, note, visits, slowest, operations: ports.meter.take(run) };
      const stored = await addProgress(ports.table, run, delta, written);
      failedCounts.set(runId(run), stored.failed);
      const job = jobs.get(runId(run));
      if (job !== undefined) await endIfOverLimit(ports, job, stored);
    } catch (error) {
      // Not worth a redelivery: the totals at the end are exact without it.
      ports.log.warn('progress could not be written', { ...run, error: String(error) });
    }
  }
}

/**
 * Checked after a freeze of the instance. The job may have been deleted since, and a write would create a row that is
 * never deleted.
 */
async function isFinalRun(table: Table, run: JobRun): Promise<boolean> {
  return decideWork(await readStatus(table, run, { strong: true }), run.runNumber) === 'discard';
}

/**
 * True if chunks report less progress than before, as a chunk does that starts again. A decrease is written at once.
 * Otherwise counts from other instances would be added to a value that is too high.
 */
function hasDecreased({ delta, visits }: Counted): boolean {
  return [delta, ...visits.values()].some(({ done, underway }) => 1_000 * done + underway < 0);
}

/**
 * True for counts that an instance must not keep in memory, because it may never be invoked again. These are sealed
 * batches, without which the percentage stays wrong until the job ends, and failures that may end the job. Lambda
 * collects results for a second, so this is rarely more than one write a second.
 */
function cannotWait(job: Job | undefined, { batchesSealed, failed }: Progress): boolean {
  if (job === undefined) return false;
  return batchesSealed > 0 || (failed > 0 && hasLimit(job.plan.onItemFailure));
}

/** Fails a job with too many items or too many failed items. The rest of its work is dropped wherever it is found. */
async function endIfOverLimit(ports: WriteProgressPorts, job: Job, progress: StoredProgress): Promise<void> {
  const reason = tooManyItems(progress.found, ports.maxItems) ?? tooManyFailures(job, progress);
  if (reason !== undefined) await failJob(ports, job, reason);
}

function tooManyFailures(job: Job, { found, failed, skipped }: Progress): PermanentFailure | undefined {
  const totals: Totals = { items: found, failed, skipped };
  // A limit in percent needs the exact totals at the end: after a crash, `found` may be too small.
  if (!isOverLimit(job.plan.onItemFailure, totals, false)) return undefined;
  return new PermanentFailure(
    'too-many-failures',
    // `found` may lag behind the failures, so it is not part of the message.
    `${failed} ${failed === 1 ? 'item' : 'items'} failed, more than onItemFailure allows. Retry them, or raise the limit.`,
  );
}

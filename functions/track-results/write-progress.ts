import { PermanentFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import { decideWork, hasLimit, isOverLimit, type Job, type JobRun } from '#core/job.ts';
import { tooManyItems } from '#core/limits.ts';
import type { Meter } from '#core/meter.ts';
import type { Totals } from '#core/page.ts';
import type { Clock, Log, Table } from '#core/ports.ts';
import { type Progress, progressOfNode } from '#core/progress.ts';
import { LONGEST_RUN_MILLIS } from '#core/stragglers.ts';
import { nodeOf } from '#core/task-path.ts';
import { moveJob, readStatus } from '../store/jobs.ts';
import { addProgress, type StoredProgress } from '../store/progress.ts';
import type { CascadeOutcome } from './cascade.ts';
import { type Counted, type ProgressLedger, runId } from './progress-ledger.ts';

export interface WriteProgressPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly maxItems: number;
}

/** What became known; of a job that runs a template, by the visit of the step. */
export function countOutcome(
  ledger: ProgressLedger,
  { counted, found }: CascadeOutcome,
  jobs: ReadonlyMap<string, Job>,
): void {
  const hasSteps = (run: JobRun) => jobs.get(runId(run))?.flow !== undefined;
  for (const { run, path, totals, underway } of counted) {
    const { items: done, failed, skipped } = totals;
    const delta = { done, failed, skipped, underway };
    if (hasSteps(run)) ledger.addToVisit(run, nodeOf(path), delta);
    else ledger.add(run, delta);
  }
  for (const { run, path, found: of } of found) {
    ledger.add(run, progressOfNode(path, of, { sealed: true, first: hasSteps(run) ? 1 : 0 }));
  }
}

/**
 * Writes what is due, at most once a second and job but for what may not wait, such as of runs of which a step has
 * `ended`; ends jobs that went beyond a limit.
 */
export async function writeProgress(
  ports: WriteProgressPorts,
  ledger: ProgressLedger,
  { jobs, ended }: { readonly jobs: ReadonlyMap<string, Job>; readonly ended: ReadonlySet<string> },
  failedSoFar: Map<string, number>,
): Promise<void> {
  const isUrgent = (counted: Counted) =>
    // A flow may end elsewhere now: what its step has cost would come too late.
    ended.has(runId(counted.run)) ||
    hasFallen(counted) ||
    mayNotWait(jobs.get(runId(counted.run)), counted.delta);
  for (const { run, delta, visits, operations, note, countedAt = 0 } of ledger.takeDue(isUrgent)) {
    try {
      const now = ports.clock.now();
      if (now - countedAt > LONGEST_RUN_MILLIS && (await isOver(ports.table, run))) continue;
      ports.meter.count(run, operations);
      const written = { now, note, visits, operations: ports.meter.take(run) };
      const stored = await addProgress(ports.table, run, delta, written);
      failedSoFar.set(runId(run), stored.failed);
      const job = jobs.get(runId(run));
      if (job !== undefined) await endIfOverLimit(ports, job, stored);
    } catch (error) {
      // Progress is worth no redelivery: the totals at the end are exact without it.
      ports.log.warn('progress could not be written', { ...run, error: String(error) });
    }
  }
}

/** Asked where the instance stood still: the job may be deleted since, and a write would be all that is left of it. */
async function isOver(table: Table, run: JobRun): Promise<boolean> {
  return decideWork(await readStatus(table, run, { strong: true }), run.generation) === 'discard';
}

/**
 * Whether chunks say of themselves that they have done less than before, as those do that begin again. Kept here, it
 * would let what another instance writes meanwhile come on top of what is true no more.
 */
function hasFallen({ delta, visits }: Counted): boolean {
  return [delta, ...visits.values()].some(({ done, underway }) => 1_000 * done + underway < 0);
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
async function endIfOverLimit(ports: WriteProgressPorts, job: Job, progress: StoredProgress): Promise<void> {
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

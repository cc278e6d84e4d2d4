/**
 * Records the reports of workers and the seals of splitters, and ends a job when everything is recorded.
 *
 * The tracker handles each batch of messages in the phases of `trackResults`. Every write is safe to repeat. A message
 * is redelivered only if a write that it causes fails.
 */
import { TRACKING_BATCH_SIZE } from '#contract/batch-sizes.ts';
import { type Job, runId } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Objects, Queues, Random, StateMachines, Table } from '#core/ports.ts';
import { StatusCache } from '#core/status-cache.ts';
import { readJob } from '../store/jobs.ts';
import { acceptRecords, type ReceivedRecord } from './accept-records.ts';
import { applyMessages } from './apply-messages.ts';
import { endCompleteJobs } from './end-jobs.ts';
import { endCompleteSteps, failFastSteps } from './end-steps.ts';
import { holdPausedWork } from './hold-work.ts';
import { ProgressLedger } from './progress-ledger.ts';
import { settleFailures } from './settle-failures.ts';
import { storeOutcomes } from './store-outcomes.ts';
import { tickPages } from './tick-pages.ts';
import { countProgress, writeProgress } from './write-progress.ts';

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
  /** Number of messages in a full batch. More are probably waiting behind it. @default TRACKING_BATCH_SIZE */
  readonly fullBatch?: number;
}

/** Returns the ids of the records that must be redelivered. */
export type TrackResults = (records: readonly ReceivedRecord[]) => Promise<{ failed: ReadonlySet<string> }>;

export function trackResults(ports: TrackResultsPorts): TrackResults {
  const statuses = new StatusCache<Job>(
    (key) => readJob(ports.table, key),
    ports.clock,
    ports.statusCacheMillis,
  );
  const ledger = new ProgressLedger(ports.clock);
  // Number of failed items of each run, as of the last progress write.
  const failedCounts = new Map<string, number>();

  return async (records) => {
    const failed = new Set<string>();
    // 1. Drop messages of final jobs, and send unroutable ones to their queue.
    const { accepted, late } = await acceptRecords(ports, statuses, records, failed);
    const jobs = new Map(accepted.map(({ run, job }) => [runId(run), job]));
    // 2. Store the held work of paused jobs.
    await holdPausedWork(ports, accepted, failed);
    // 3. Apply each message to everything but the pages: failures, the next worker, the flow.
    const applied = await applyMessages({ ...ports, ledger }, accepted, { failedCounts, failed });
    // 4. Store the outcomes that reports carry. They count once a page refers to them.
    const stored = await storeOutcomes(ports, applied, failed);
    // 5. Tick the pages and follow what becomes complete, up to the root.
    const result = await tickPages(ports, stored, failed);
    // 6. Correct the failures of chunks that another report recorded first.
    const failedNodes = await settleFailures(ports, { applied, late }, result, failed);
    // 7. Count progress in memory.
    countProgress(ledger, { accepted, result, jobs, failed });
    // 8. Fail jobs whose step must not have a failed item.
    await failFastSteps(ports, jobs, failedNodes, failed);
    // 9. Return the outcome of each complete step to its state machine.
    const ended = await endCompleteSteps(ports, jobs, result, failed);
    // 10. End each job whose root is complete.
    await endCompleteJobs({ ...ports, ledger }, jobs, result, failed);
    // 11. Write progress: at once if the queue was empty, otherwise once a second for each job.
    const isLast = records.length < (ports.fullBatch ?? TRACKING_BATCH_SIZE);
    await writeProgress(ports, ledger, { jobs, ended, isLast }, failedCounts);
    return { failed };
  };
}

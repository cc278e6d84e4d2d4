/** Retries: a final job runs again under the next run number and keeps its recorded outcomes. */
import { generationOf, type Job, type JobKey, type JobRun } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { MAX_UNFINISHED_PERCENT } from '#core/progress.ts';
import type { Retry } from '#core/retry.ts';
import { moveEntry } from './history.ts';
import { isUnchanged, mirrorWrites, rowOfJob } from './job-rows.ts';
import { movedJob, readJob } from './jobs.ts';
import { progressKey, requestKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';
import { parseStored, storedRetry } from './stored.ts';

export interface RetryOptions {
  readonly now: number;
  readonly actor: string;
  readonly retry: Retry;
  /**
   * Returns false to skip the retry, which then returns `missing`. Receives the version that is about to run.
   */
  readonly only?: (job: Job) => boolean;
  /**
   * Returns the number of items to retry; may throw to prevent the retry. Receives the version that is about
   * to run.
   */
  readonly count: (job: Job) => Promise<number>;
}

export type RetryResult =
  | { readonly kind: 'retried'; readonly job: Job; readonly items: number }
  | { readonly kind: 'missing' };

/** Starts the new run in one transaction. `count` decides if the job may be retried. */
export async function retryJob(table: Table, key: JobKey, options: RetryOptions): Promise<RetryResult> {
  const { now, retry, only } = options;
  for (;;) {
    const job = await readJob(table, key);
    if (job === undefined || only?.(job) === false) return { kind: 'missing' };
    const items = await options.count(job);
    const { row: request } = await table.get(requestKey(job), { strong: true });
    if (request === undefined) return { kind: 'missing' };
    const rerun = rerunOf(job, options);
    const reason = `${items} failed items`;
    const result = await table.transact([
      { kind: 'put', row: rowOfJob(rerun), when: isUnchanged(job) },
      moveEntry(job, rerun, 'retry', { now, actor: options.actor, reason }),
      { kind: 'put', row: { ...request, ...requestKey(rerun), retry: JSON.stringify(retry) } },
      {
        kind: 'put',
        row: {
          ...progressKey(rerun),
          percent: succeededPercent(job),
          revision: 0,
          ttl: stragglerTtlSeconds(now),
        },
      },
      ...mirrorWrites(job, rerun),
    ]);
    if (result.kind === 'written') return { kind: 'retried', job: rerun, items };
  }
}

/** Removes the members that belong to the previous run: rate, totals and end. */
function rerunOf(job: Job, { now, retry }: RetryOptions): Job {
  const {
    endTime: _endTime,
    totals: _totals,
    endTotals: _endTotals,
    activeMillis: _activeMillis,
    restartsDependents: _restartsDependents,
    ...fields
  } = movedJob(job, 'Active', { now, followUp: 'launch' });
  return {
    ...fields,
    runNumber: job.runNumber + 1,
    firstRunNumber: generationOf(job),
    ...(retry.restartDependents ? { restartsDependents: true } : {}),
    ...(job.followUp === 'finish' ? { unclearedFrom: job.unclearedFrom ?? job.runNumber } : {}),
  };
}

/** Returns the percentage of succeeded items, with which the new run starts. */
function succeededPercent({ totals }: Job): number {
  if (totals === undefined || totals.items === 0) return 0;
  const share = Math.floor((10_000 * (totals.items - totals.failed)) / totals.items);
  return Math.min(share, MAX_UNFINISHED_PERCENT);
}

/** Returns the retry that started this run; `undefined` for the first run. */
export async function readRetry(table: Table, run: JobRun): Promise<Retry | undefined> {
  const { row } = await table.get(requestKey(run), { strong: true });
  return typeof row?.['retry'] === 'string' ? parseStored(storedRetry, row['retry'], 'retry') : undefined;
}

/**
 * Handles everything that is due: wakes jobs whose delay has passed, expires jobs, deletes jobs after their retention, and
 * triggers the removal of data that late workers wrote.
 *
 * The index `due` only finds candidates. Each job is read again and changes only if it is still due. Overlapping sweeps and
 * a stale index are therefore harmless, and the next sweep finds everything that one leaves.
 */
import { dueActionOf } from '#core/due.ts';
import type { JobKey, JobRun } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock, Key, Log, Random, Table } from '#core/ports.ts';
import { requestClearing, requestSecondRemoval } from '../store/clearing.ts';
import { wake } from '../store/dependents.ts';
import { expireJob, postponeIfProgressed } from '../store/expire-job.ts';
import { readJob } from '../store/jobs.ts';
import { DUE_SHARDS, duePk, dueUpTo, jobOfKey, runOfRemoval } from '../store/keys.ts';

export interface SweepJobsPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
}

/** Number of jobs that one sweep handled. */
export interface Swept {
  /** Jobs that were woken to start, or to clear their data. */
  readonly called: number;
  /** Jobs that expired or were deleted. */
  readonly expired: number;
  /** Jobs that could not be handled because of an error. A whole shard counts as one. */
  readonly failed: number;
}

/** The counter that a row belongs to; `undefined` if nothing was due. */
type SweptAs = keyof Swept | undefined;

const PARALLEL_SHARDS = 4;
const PARALLEL_JOBS = 8;
const ROWS_PER_PAGE = 200;

/** Handles everything that is due now, the longest due first, until the time is up. */
export async function sweepJobs(ports: SweepJobsPorts, isTimeUp: () => boolean): Promise<Swept> {
  const swept = { called: 0, expired: 0, failed: 0 };
  const count = (sweptAs: SweptAs) => {
    if (sweptAs !== undefined) swept[sweptAs] += 1;
  };
  await mapParallel(shardsInTurn(ports.random), PARALLEL_SHARDS, async (shard) => {
    try {
      await sweepShard(ports, shard, { isTimeUp, count });
    } catch (error) {
      ports.log.warn('shard could not be swept', { shard, error: String(error) });
      count('failed');
    }
  });
  return swept;
}

/** Returns all shards, starting at a random one. If a sweep runs out of time, it is not always the same shards that wait. */
function shardsInTurn(random: Random): number[] {
  const first = Math.floor(random.next() * DUE_SHARDS);
  return Array.from({ length: DUE_SHARDS }, (_, turn) => (first + turn) % DUE_SHARDS);
}

async function sweepShard(
  ports: SweepJobsPorts,
  shard: number,
  { isTimeUp, count }: { isTimeUp: () => boolean; count: (sweptAs: SweptAs) => void },
): Promise<void> {
  const due = { index: 'due', pk: duePk(shard), upTo: dueUpTo(ports.clock.now()) } as const;
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    if (isTimeUp()) return;
    const page = await ports.table.query({ ...due, limit: ROWS_PER_PAGE, ...omitUndefined({ after }) });
    const swept = await mapParallel(page.rows, PARALLEL_JOBS, (row) => sweepRow(ports, row));
    swept.forEach(count);
    after = page.next;
  } while (after !== undefined);
}

/** Never throws, because one job must not block the others. */
async function sweepRow(ports: SweepJobsPorts, row: Key): Promise<SweptAs> {
  const key = jobOfKey(row.pk);
  if (key === undefined) return undefined;
  try {
    const removedRun = runOfRemoval(row);
    return removedRun === undefined ? await doWhatIsDue(ports, key) : await callRemoval(ports, removedRun);
  } catch (error) {
    ports.log.warn('job could not be swept', { ...key, error: String(error) });
    return 'failed';
  } finally {
    // The cost of this read is not worth a write to the job. Dropping it keeps the meter from growing.
    ports.meter.take(key);
  }
}

async function callRemoval({ table, clock }: SweepJobsPorts, run: JobRun): Promise<SweptAs> {
  return (await requestSecondRemoval(table, run, clock.now())) ? 'called' : undefined;
}

async function doWhatIsDue({ table, clock, log }: SweepJobsPorts, key: JobKey): Promise<SweptAs> {
  const job = await readJob(table, key);
  if (job === undefined) return undefined;
  switch (dueActionOf(job, clock.now())) {
    case 'start':
      await wake(table, job);
      return 'called';
    case 'clear':
      await requestClearing(table, job);
      return 'called';
    case 'expire':
      if (await postponeIfProgressed(table, job, clock.now())) return undefined;
      if (!(await expireJob(table, job, clock.now()))) return undefined;
      log.info('job expired', { ...key, runNumber: job.runNumber, was: job.status });
      return 'expired';
    case undefined:
      return undefined;
  }
}

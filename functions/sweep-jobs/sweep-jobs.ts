/**
 * Does what is due although nobody asks for it: calls jobs whose delay is over to look whether they may start, ends
 * those whose time is up, deletes those that were kept long enough, and lets what late writers left be cleared.
 *
 * The index `due` only says where to look: each job is read, and changes only if it is still due then. So sweeps that
 * overlap, and an index that lags behind, do nothing wrong; what one sweep leaves, the next one finds.
 */
import { whatIsDue } from '#core/due.ts';
import type { JobKey, JobRun } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock, Key, Log, Random, Table } from '#core/ports.ts';
import { callToClear, callToRemove } from '../store/clearing.ts';
import { wake } from '../store/dependents.ts';
import { expireJob, postponeIfProgressed } from '../store/expire-job.ts';
import { readJob } from '../store/jobs.ts';
import { DUE_SHARDS, duePk, dueUpTo, jobOfKey, removedGeneration } from '../store/keys.ts';

export interface SweepJobsPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
}

/** What one sweep did, in jobs. */
export interface Swept {
  /** Told to look whether they may start, or to clear what their work left. */
  readonly called: number;
  /** Expired or deleted. */
  readonly expired: number;
  /** Not looked at, because that threw; whole shards count as one. */
  readonly failed: number;
}

type Outcome = keyof Swept | undefined;

const PARALLEL_SHARDS = 4;
const PARALLEL_JOBS = 8;
const ROWS_PER_PAGE = 200;

/** Everything that is due now, the longest due first, unless time is up before. */
export async function sweepJobs(ports: SweepJobsPorts, isTimeUp: () => boolean): Promise<Swept> {
  const swept = { called: 0, expired: 0, failed: 0 };
  const count = (outcome: Outcome) => {
    if (outcome !== undefined) swept[outcome] += 1;
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

/** From any of them on: where one sweep cannot do it all, it is not always the same ones that wait. */
function shardsInTurn(random: Random): number[] {
  const first = Math.floor(random.next() * DUE_SHARDS);
  return Array.from({ length: DUE_SHARDS }, (_, turn) => (first + turn) % DUE_SHARDS);
}

async function sweepShard(
  ports: SweepJobsPorts,
  shard: number,
  { isTimeUp, count }: { isTimeUp: () => boolean; count: (outcome: Outcome) => void },
): Promise<void> {
  const due = { index: 'due', pk: duePk(shard), upTo: dueUpTo(ports.clock.now()) } as const;
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    if (isTimeUp()) return;
    const page = await ports.table.query({ ...due, limit: ROWS_PER_PAGE, ...(after && { after }) });
    const outcomes = await mapParallel(page.rows, PARALLEL_JOBS, (row) => sweepRow(ports, row));
    outcomes.forEach(count);
    after = page.next;
  } while (after !== undefined);
}

/** Never throws: one job must not keep the others waiting. */
async function sweepRow(ports: SweepJobsPorts, row: Key): Promise<Outcome> {
  const key = jobOfKey(row.pk);
  if (key === undefined) return undefined;
  try {
    const removed = removedGeneration(row);
    if (removed === undefined) return await doWhatIsDue(ports, key);
    return await callRemoval(ports, { ...key, generation: removed });
  } catch (error) {
    ports.log.warn('job could not be swept', { ...key, error: String(error) });
    return 'failed';
  } finally {
    // The price of a look is not worth a write to the job, and a process must not remember all jobs it ever saw.
    ports.meter.take(key);
  }
}

async function callRemoval({ table, clock }: SweepJobsPorts, run: JobRun): Promise<Outcome> {
  return (await callToRemove(table, run, clock.now())) ? 'called' : undefined;
}

async function doWhatIsDue({ table, clock, log }: SweepJobsPorts, key: JobKey): Promise<Outcome> {
  const job = await readJob(table, key);
  if (job === undefined) return undefined;
  switch (whatIsDue(job, clock.now())) {
    case 'start':
      await wake(table, job);
      return 'called';
    case 'clear':
      await callToClear(table, job);
      return 'called';
    case 'expire':
      if (await postponeIfProgressed(table, job, clock.now())) return undefined;
      if (!(await expireJob(table, job, clock.now()))) return undefined;
      log.info('job expired', { ...key, generation: job.generation, was: job.status });
      return 'expired';
    case undefined:
      return undefined;
  }
}

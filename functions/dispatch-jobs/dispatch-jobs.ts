/**
 * Does what rows still owe the world, woken by the table's stream: starts jobs, releases what was held of paused
 * ones, hands long splits on to a new chain of messages, calls those that wait for a job that is over, clears what only
 * a running job needs, removes deleted ones, goes on with bulk actions.
 *
 * The stream only says *that* something is owed; what it is, is read from the table. So a record that comes twice
 * or late does nothing wrong, and each step is cleared only after it was done.
 */
import type { SplitMessage } from '#contract/messages.ts';
import type { Job, JobKey, JobRun } from '#core/job.ts';
import { decideWork, finalStatus } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Objects, Queues, Row, StateMachines, Table } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { ROOT } from '#core/task-path.ts';
import { continueBulk } from '../store/bulk.ts';
import { removeDependent, wakeDependents } from '../store/dependents.ts';
import { clearContinuation, fenceOfRow } from '../store/fences.ts';
import { releaseAll } from '../store/held.ts';
import { clearFollowUp, endJob, readJob } from '../store/jobs.ts';
import { bulkOfKey, jobOfKey, partitionOfKey, removalKey } from '../store/keys.ts';
import { clearTurn } from '../store/partitions.ts';
import { addProgress } from '../store/progress.ts';
import { clearTracking, removeHeld, removeJob } from '../store/removal.ts';
import { startFlow, stopFlow } from './run-flow.ts';
import { startJob, takeTurn } from './start-job.ts';

export interface DispatchJobsPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly machines: StateMachines;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** A changed row that has a `followUp`. Throws if the step must be tried again. */
export type DispatchJobs = (row: Row, isOver: () => boolean) => Promise<void>;

export function dispatchJobs(ports: DispatchJobsPorts): DispatchJobs {
  return async (row, isOver) => {
    const bulk = bulkOfKey(row);
    if (bulk !== undefined) return continueBulkAction(ports, bulk, isOver);
    const partition = partitionOfKey(row);
    if (partition !== undefined) return continueTurn(ports, partition, Number(row['turns']));
    const key = jobOfKey(row.pk);
    if (key === undefined) return;
    if (row.sk === 'JOB') return followUpJob(ports, key, isOver);
    if (row.sk.startsWith('N#')) return continueSplitting(ports, key, row);
    if (row.sk.startsWith('GONE#')) {
      const run = { ...key, generation: Number(row['generation']) };
      return untilDone(ports, run, await removeDeleted(ports, run, row, isOver));
    }
  };
}

async function followUpJob(ports: DispatchJobsPorts, key: JobKey, isOver: () => boolean): Promise<void> {
  const job = await readJob(ports.table, key);
  switch (job?.followUp) {
    case 'dispatch': {
      const started = await startJob(ports, job);
      return started && launchJob(ports, started, isOver);
    }
    case 'launch':
      return launchJob(ports, job, isOver);
    case 'release':
      return releaseJob(ports, job, isOver);
    case 'finish':
      return finishJob(ports, job, isOver);
  }
}

/** Its place is free, and its dependents look at it; then what only a running job needs goes. */
async function finishJob(ports: DispatchJobsPorts, job: Job, isOver: () => boolean): Promise<void> {
  const began = job.startTime !== undefined;
  if (began) await takeTurn(ports, job.partition);
  if (!(await wakeDependents(ports.table, job, isOver))) return renew(ports, job, 'JOB');
  if (began && !(await clearRuns(ports, job, isOver))) return renew(ports, job, 'JOB');
  return clearFollowUp(ports.table, job, 'finish');
}

/** The last run, and those before it that a retry overtook. */
async function clearRuns(ports: DispatchJobsPorts, job: Job, isOver: () => boolean): Promise<boolean> {
  for (
    let { unclearedFrom: generation = job.generation } = job;
    generation <= job.generation;
    generation += 1
  ) {
    const run = { ...job, generation };
    const isCutShort = job.status !== 'Completed' || generation < job.generation;
    if (job.flow !== undefined && isCutShort) await stopFlow(ports, run, job.flow.machine);
    if (!(await clearTracking(ports, run, isOver)) || !(await removeHeld(ports, run, isOver))) return false;
  }
  return true;
}

/** After a change of the settings, or because the turn before began as many as it may. */
async function continueTurn(ports: DispatchJobsPorts, partition: string, turn: number): Promise<void> {
  await takeTurn(ports, partition);
  await clearTurn(ports.table, partition, turn);
}

/** Starts the flow, or sends the root batch. Repeated, it sends it again, and the fence of the root drops the second. */
async function launchJob(ports: DispatchJobsPorts, job: Job, isOver: () => boolean): Promise<void> {
  const { partition, job: id, generation, plan } = job;
  // Paused meanwhile, too: then the message is held like any other, and nothing is forgotten.
  if (job.flow !== undefined && decideWork(job, generation) !== 'discard') {
    await startFlow(ports, job, job.flow);
  } else if (decideWork(job, generation) !== 'discard') {
    const message: SplitMessage = {
      v: 1,
      kind: 'split',
      partition,
      job: id,
      generation,
      path: ROOT,
      splitter: plan.splitter,
      from: 0,
      hop: 0,
    };
    await sendAll(ports.queues, 'split', [{ body: JSON.stringify(message), group: partition }]);
    ports.log.info('job dispatched', { partition, job: id, generation });
  }
  return releaseJob(ports, job, isOver);
}

/** Sends what was held while the job was paused; one that ran out of work meanwhile ends now. */
async function releaseJob(ports: DispatchJobsPorts, job: Job, isOver: () => boolean): Promise<void> {
  if (decideWork(job, job.generation) === 'run') {
    if (!(await releaseAll(ports, job, isOver))) return renew(ports, job, 'JOB');
    if (job.endTotals !== undefined) {
      const status = finalStatus(job.plan.onItemFailure, job.endTotals);
      await endJob(ports.table, job, { status, totals: job.endTotals, now: ports.clock.now() });
    }
  }
  if (job.followUp !== undefined) await clearFollowUp(ports.table, job, job.followUp);
  await addProgress(ports.table, job, {}, { now: ports.clock.now(), operations: ports.meter.take(job) });
}

async function continueSplitting(ports: DispatchJobsPorts, key: JobKey, row: Row): Promise<void> {
  const { continuation, from } = fenceOfRow(row);
  if (continuation === undefined) return;
  const { generation, path } = JSON.parse(continuation) as SplitMessage;
  await sendAll(ports.queues, 'split', [{ body: continuation, group: key.partition }]);
  await clearContinuation(ports.table, { ...key, generation }, path, from);
}

/** Its place is free, its dependents look at it, and what all its runs left behind goes, the history with the first. */
async function removeDeleted(
  ports: DispatchJobsPorts,
  run: JobRun,
  { firstGeneration = run.generation, began, prerequisites = [], machine }: Row,
  isOver: () => boolean,
): Promise<boolean> {
  if (typeof machine === 'string') await stopFlow(ports, run, machine);
  if (began !== false) await takeTurn(ports, run.partition);
  if (!(await wakeDependents(ports.table, run, isOver))) return false;
  const first = { ...run, generation: Number(firstGeneration) };
  await removeDependent(ports.table, first, prerequisites as readonly string[]);
  for (let generation = Number(firstGeneration); generation <= run.generation; generation += 1) {
    if (!(await removeJob(ports, { ...run, generation }, isOver, began !== false))) return false;
  }
  return true;
}

/** One slice; the row that it saves wakes the next, so that other follow-ups get their turn in between. */
async function continueBulkAction(
  { table, clock, log }: DispatchJobsPorts,
  bulk: { partition: string; id: string },
  isOver: () => boolean,
): Promise<void> {
  const operation = await continueBulk(table, bulk, { now: () => clock.now(), isOver });
  if (operation === undefined) return;
  const { verb, done, examined, status } = operation;
  log.info('bulk action went on', { ...bulk, verb, done, examined, status });
}

/** A removal that ran out of time goes on in a new invocation, woken by the row that it touches. */
async function untilDone(ports: DispatchJobsPorts, run: JobRun, done: boolean): Promise<void> {
  if (!done) return renew(ports, run, 'GONE');
  await ports.table.write({ kind: 'delete', key: removalKey(run) });
  ports.log.info('job removed', { ...run });
}

async function renew(ports: DispatchJobsPorts, run: JobRun, row: 'JOB' | 'GONE'): Promise<void> {
  const { pk, sk } = removalKey(run);
  await ports.table.write({
    kind: 'update',
    key: { pk, sk: row === 'JOB' ? 'JOB' : sk },
    change: { add: { renewals: 1 } },
    when: [
      { attribute: 'followUp', is: 'present' },
      { attribute: 'generation', is: 'equal', value: run.generation },
    ],
  });
}

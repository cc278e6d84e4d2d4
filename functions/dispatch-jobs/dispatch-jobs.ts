/**
 * Does what rows still owe the world, woken by the table's stream: starts jobs, releases what was held of paused
 * ones, hands long splits on to a new chain of messages, calls those that wait for a job that is over, clears what it
 * needed to run, removes deleted ones, goes on with bulk actions.
 *
 * The stream only says *that* something is owed; what it is, is read from the table. So a record that comes twice
 * or late does nothing wrong, and each step is cleared only after it was done.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { SplitMessage } from '#contract/messages.ts';
import { NewerVersion } from '#core/errors.ts';
import { decideWork, finalStatus, type Job, type JobKey, type JobRun } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Objects, Queues, Row, StateMachines, Table } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { ROOT } from '#core/task-path.ts';
import { continueBulk } from '../store/bulk.ts';
import { awaitStragglers, isFirstPass, noteCleared } from '../store/clearing.ts';
import { removeDependent, wakeDependents } from '../store/dependents.ts';
import { clearContinuation, fenceOfRow } from '../store/fences.ts';
import { releaseAll } from '../store/held.ts';
import { clearFollowUp, endJob, readJob } from '../store/jobs.ts';
import { bulkOfKey, jobOfKey, partitionOfKey, removalKey } from '../store/keys.ts';
import { clearTurn } from '../store/partitions.ts';
import { addProgress } from '../store/progress.ts';
import { clearTracking, removeHeld, removeJob } from '../store/removal.ts';
import { startFlow, stopFlow } from './run-flow.ts';
import { startJob, startWaitingJobs } from './start-job.ts';

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
export type DispatchJobs = (row: Row, isTimeUp: () => boolean) => Promise<void>;

export function dispatchJobs(ports: DispatchJobsPorts): DispatchJobs {
  return async (row, isTimeUp) => {
    const bulk = bulkOfKey(row);
    if (bulk !== undefined) return continueBulkAction(ports, bulk, isTimeUp);
    const partition = partitionOfKey(row);
    if (partition !== undefined) return continueTurn(ports, partition, Number(row['turns']));
    const key = jobOfKey(row.pk);
    if (key === undefined) return;
    if (row.sk === 'JOB') return followUpJob(ports, key, isTimeUp);
    if (row.sk.startsWith('N#')) return continueSplitting(ports, key, row);
    if (row.sk.startsWith('GONE#')) {
      return removeDeleted(ports, { ...key, generation: Number(row['generation']) }, row, isTimeUp);
    }
  };
}

async function followUpJob(ports: DispatchJobsPorts, key: JobKey, isTimeUp: () => boolean): Promise<void> {
  const job = await readJob(ports.table, key);
  switch (job?.followUp) {
    case 'dispatch': {
      const started = await startJob(ports, job);
      return started && launchJob(ports, started, isTimeUp);
    }
    case 'launch':
      return launchJob(ports, job, isTimeUp);
    case 'release':
      return releaseJob(ports, job, isTimeUp);
    case 'finish':
      return finishJob(ports, job, isTimeUp);
    case undefined:
    // Owed by rows of other kinds.
    case 'continue':
    case 'remove':
    case 'bulk':
    case 'select':
      return;
    default:
      throw new NewerVersion(
        `a job has the follow-up '${String(job?.followUp)}', which this release does not know; it is tried again later`,
      );
  }
}

/**
 * Its place is free, and its dependents look at it; then what was held goes. Its tracking stays for as long as somebody
 * may be at its work, which would not be found without it; that of a job that did all its work stays until it is deleted.
 */
async function finishJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  const { startTime, clearDue = Number.POSITIVE_INFINITY } = job;
  const isLastPass = clearDue <= ports.clock.now();
  const began = startTime !== undefined;
  if (began) await startWaitingJobs(ports, job.partition);
  if (!(await wakeDependents(ports.table, job, isTimeUp))) return renew(ports, job, 'JOB');
  if (began && !(await stopRuns(ports, job, isTimeUp))) return renew(ports, job, 'JOB');
  if (!isLastPass) return clearFollowUp(ports.table, job, 'finish');
  if (!(await clearTracking(ports, job, isTimeUp))) return renew(ports, job, 'JOB');
  return noteCleared(ports.table, job);
}

/** Flows, and work that was held: of the last run, and of those before it that a retry overtook. */
async function stopRuns(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<boolean> {
  for (
    let { unclearedFrom: generation = job.generation } = job;
    generation <= job.generation;
    generation += 1
  ) {
    const run = { ...job, generation };
    const isCutShort = job.status !== 'Completed' || generation < job.generation;
    if (job.flow !== undefined && isCutShort) await stopFlow(ports, run, job.flow.machine);
    if (!(await removeHeld(ports, run, isTimeUp))) return false;
  }
  return true;
}

/** After a change of the settings, or because the turn before began as many as it may. */
async function continueTurn(ports: DispatchJobsPorts, partition: string, turn: number): Promise<void> {
  await startWaitingJobs(ports, partition);
  await clearTurn(ports.table, partition, turn);
}

/** Starts the flow, or sends the root batch. Repeated, it sends it again, and the fence of the root drops the second. */
async function launchJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  const { partition, job: id, generation, plan } = job;
  // Paused meanwhile, too: then the message is held like any other, and nothing is forgotten.
  if (job.flow !== undefined && decideWork(job, generation) !== 'discard') {
    await startFlow(ports, job, job.flow);
  } else if (decideWork(job, generation) !== 'discard') {
    const message: SplitMessage = {
      v: MESSAGE_VERSION,
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
  return releaseJob(ports, job, isTimeUp);
}

/** Sends what was held while the job was paused; one that ran out of work meanwhile ends now. */
async function releaseJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  if (decideWork(job, job.generation) === 'run') {
    if (!(await releaseAll(ports, job, isTimeUp))) return renew(ports, job, 'JOB');
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

/**
 * What a deleted job left goes; a removal that runs out of time goes on in a new invocation, woken by the row that it
 * touches. While somebody may be at the work of the job, its tracking is kept: all that is written late is found by it.
 */
async function removeDeleted(
  ports: DispatchJobsPorts,
  run: JobRun,
  row: Row,
  isTimeUp: () => boolean,
): Promise<void> {
  const keepsTracking = isFirstPass(row, ports.clock.now());
  if (!(await removeRuns(ports, run, { row, keepsTracking, isTimeUp }))) return renew(ports, run, 'GONE');
  if (keepsTracking) return awaitStragglers(ports.table, run);
  await ports.table.write({ kind: 'delete', key: removalKey(run) });
  ports.log.info('job removed', { ...run });
}

/** Its place is free, its dependents look at it, and what all its runs left behind goes, the history with the first. */
async function removeRuns(
  ports: DispatchJobsPorts,
  run: JobRun,
  { row, keepsTracking, isTimeUp }: { row: Row; keepsTracking: boolean; isTimeUp: () => boolean },
): Promise<boolean> {
  const began = row['began'] !== false;
  const prerequisites = (row['prerequisites'] ?? []) as readonly string[];
  const firstGeneration = Number(row['firstGeneration'] ?? run.generation);
  if (typeof row['machine'] === 'string') await stopFlow(ports, run, row['machine']);
  if (began) await startWaitingJobs(ports, run.partition);
  if (!(await wakeDependents(ports.table, run, isTimeUp))) return false;
  await removeDependent(ports.table, { ...run, generation: firstGeneration }, prerequisites);
  for (let generation = firstGeneration; generation <= run.generation; generation += 1) {
    const isRemoved = await removeJob(ports, { ...run, generation }, isTimeUp, { began, keepsTracking });
    if (!isRemoved) return false;
  }
  return true;
}

/** One slice; the row that it saves wakes the next, so that other follow-ups get their turn in between. */
async function continueBulkAction(
  { table, clock, log }: DispatchJobsPorts,
  bulk: { partition: string; id: string },
  isTimeUp: () => boolean,
): Promise<void> {
  const operation = await continueBulk(table, bulk, { now: () => clock.now(), isOver: isTimeUp });
  if (operation === undefined) return;
  const { verb, done, examined, status } = operation;
  log.info('bulk action went on', { ...bulk, verb, done, examined, status });
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

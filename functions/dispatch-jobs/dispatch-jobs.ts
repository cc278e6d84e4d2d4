/**
 * Performs the follow-up of each changed row: starts jobs, releases held work, continues long splits in a new chain of
 * messages, wakes dependents, clears the tracking of final jobs, removes deleted jobs and continues bulk actions.
 *
 * A stream record only triggers the function. The function reads the current follow-up from the table, so duplicate and
 * late records are harmless. A follow-up is cleared only after it was done.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { SplitMessage } from '#contract/messages.ts';
import { NewerVersion } from '#core/errors.ts';
import { decideWork, type Job, type JobRun } from '#core/job.ts';
import { endOfJob } from '#core/job-end.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Key, Log, Objects, Queues, Row, StateMachines, Table } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { ROOT } from '#core/task-path.ts';
import { continueBulk } from '../store/bulk.ts';
import { endFirstPass, isFirstPass, recordCleared } from '../store/clearing.ts';
import { removeDependent, wakeDependents } from '../store/dependents.ts';
import { clearContinuation, fenceOfRow } from '../store/fences.ts';
import { releaseAll } from '../store/held.ts';
import { isRun } from '../store/job-rows.ts';
import { clearFollowUp, endJob, readJob } from '../store/jobs.ts';
import {
  bulkOfKey,
  fencedNodeOfKey,
  jobKey,
  jobOfKey,
  partitionOfKey,
  removalKey,
  runOfRemoval,
} from '../store/keys.ts';
import { clearTurn } from '../store/partitions.ts';
import { addProgress } from '../store/progress.ts';
import { removeHeld, removeJob } from '../store/removal.ts';
import { restartDependents } from '../store/restarts.ts';
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

/** Performs the follow-up of one changed row. Throws if it must be retried. */
export type DispatchJobs = (row: Row, isTimeUp: () => boolean) => Promise<void>;

export function dispatchJobs(ports: DispatchJobsPorts): DispatchJobs {
  return async (row, isTimeUp) => {
    switch (row['followUp']) {
      case undefined:
        return;
      case 'dispatch':
      case 'launch':
      case 'release':
      case 'finish':
        return followUpJob(ports, row, isTimeUp);
      case 'continue':
        return continueSplitting(ports, row);
      case 'remove':
        return removeDeleted(ports, row, isTimeUp);
      case 'bulk':
        return continueBulkAction(ports, row, isTimeUp);
      case 'select':
        return continueTurn(ports, row);
      default:
        return refuseUnknown(ports, row);
    }
  };
}

/** Throws while the row has a follow-up of a later release. That release may have done it since. */
async function refuseUnknown({ table }: DispatchJobsPorts, { pk, sk, followUp }: Row): Promise<void> {
  const { row } = await table.get({ pk, sk }, { strong: true });
  if (row?.['followUp'] !== followUp) return;
  throw new NewerVersion(
    `a row has the unknown follow-up '${String(followUp)}'; it is retried until a later release is deployed`,
  );
}

async function followUpJob(ports: DispatchJobsPorts, row: Row, isTimeUp: () => boolean): Promise<void> {
  const key = jobOfKey(row.pk);
  if (key === undefined) return;
  const job = await readJob(ports.table, key);
  if (!(await areDependentsRestarted(ports, job, isTimeUp))) return job && renew(ports, job, jobKey(job));
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
  }
  if (job?.followUp !== undefined) await refuseUnknown(ports, { ...jobKey(job), followUp: job.followUp });
}

/** Restarts the dependents of a retried job before it starts. Returns false if time ran out. */
async function areDependentsRestarted(
  { table, clock }: DispatchJobsPorts,
  job: Job | undefined,
  isTimeUp: () => boolean,
): Promise<boolean> {
  const isDue = job?.restartsDependents && (job.followUp === 'dispatch' || job.followUp === 'launch');
  return !isDue || restartDependents(table, job, { now: clock.now(), isTimeUp });
}

/**
 * Follows up on a job that became final: starts the next waiting job, wakes the dependents and removes held work.
 * A second pass removes the work that late functions held. The tracking rows stay until the job is deleted, because they
 * refer to its outcomes.
 */
async function finishJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  const { startTime, clearDue = Number.POSITIVE_INFINITY } = job;
  const isLastPass = clearDue <= ports.clock.now();
  const began = startTime !== undefined;
  if (began) await startWaitingJobs(ports, job.partition);
  if (!(await wakeDependents(ports.table, job, isTimeUp))) return renew(ports, job, jobKey(job));
  if (began && !(await stopRuns(ports, job, isTimeUp))) return renew(ports, job, jobKey(job));
  return isLastPass ? recordCleared(ports.table, job) : clearFollowUp(ports.table, job, 'finish');
}

/** Stops the flow and removes the held work of the last run, and of earlier runs that a retry replaced. */
async function stopRuns(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<boolean> {
  for (let { unclearedFrom: runNumber = job.runNumber } = job; runNumber <= job.runNumber; runNumber += 1) {
    const run = { ...job, runNumber };
    const isCutShort = job.status !== 'Completed' || runNumber < job.runNumber;
    if (job.flow !== undefined && isCutShort) await stopFlow(ports, run, job.flow.machine);
    if (!(await removeHeld(ports, run, isTimeUp))) return false;
  }
  return true;
}

/** Starts more waiting jobs after a change of settings, or after a turn that reached its limit. */
async function continueTurn(ports: DispatchJobsPorts, row: Row): Promise<void> {
  const partition = partitionOfKey(row);
  if (partition === undefined) return;
  await startWaitingJobs(ports, partition);
  await clearTurn(ports.table, partition, Number(row['turns']));
}

/** Starts the flow, or sends the root batch. The fence of the root drops a second copy of the message. */
async function launchJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  const { partition, job: id, runNumber, plan } = job;
  // Also done if the job was paused meanwhile: the message is then held like any other.
  if (job.flow !== undefined && decideWork(job, runNumber) !== 'discard') {
    await startFlow(ports, job, job.flow);
  } else if (decideWork(job, runNumber) !== 'discard') {
    const message: SplitMessage = {
      v: MESSAGE_VERSION,
      kind: 'split',
      partition,
      job: id,
      runNumber,
      path: ROOT,
      splitter: plan.splitter,
      from: 0,
      hop: 0,
    };
    await sendAll(ports.queues, 'split', [{ body: JSON.stringify(message), group: partition }]);
    ports.log.info('job dispatched', { partition, job: id, runNumber });
  }
  return releaseJob(ports, job, isTimeUp);
}

/** Sends the work that was held while the job was paused. Ends the job if no work is left. */
async function releaseJob(ports: DispatchJobsPorts, job: Job, isTimeUp: () => boolean): Promise<void> {
  if (decideWork(job, job.runNumber) === 'run') {
    if (!(await releaseAll(ports, job, isTimeUp))) return renew(ports, job, jobKey(job));
    if (job.endTotals !== undefined) {
      const end = endOfJob(job.plan.onItemFailure, job.endTotals, ports.clock.now());
      await endJob(ports.table, job, end);
    }
  }
  if (job.followUp !== undefined) await clearFollowUp(ports.table, job, job.followUp);
  await addProgress(ports.table, job, {}, { now: ports.clock.now(), operations: ports.meter.take(job) });
}

async function continueSplitting({ table, queues }: DispatchJobsPorts, row: Row): Promise<void> {
  const fence = fencedNodeOfKey(row);
  const { continuation, from } = fenceOfRow(row);
  if (fence === undefined || continuation === undefined) return;
  await sendAll(queues, 'split', [{ body: continuation, group: fence.run.partition }]);
  await clearContinuation(table, fence.run, fence.path, from);
}

/**
 * Removes everything that a deleted job left. If the time is up, a write to the row triggers the next invocation. The
 * first pass keeps the tracking rows, because late writes are found through them.
 */
async function removeDeleted(ports: DispatchJobsPorts, row: Row, isTimeUp: () => boolean): Promise<void> {
  const run = runOfRemoval(row);
  if (run === undefined) return;
  const keepsTracking = isFirstPass(row, ports.clock.now());
  if (!(await removeRuns(ports, run, { row, keepsTracking, isTimeUp })))
    return renew(ports, run, removalKey(run));
  if (keepsTracking) return endFirstPass(ports.table, run);
  await ports.table.write({ kind: 'delete', key: removalKey(run) });
  ports.log.info('job removed', { ...run });
}

/** Starts the next waiting job, wakes the dependents and removes all runs. The history goes with the first run. */
async function removeRuns(
  ports: DispatchJobsPorts,
  run: JobRun,
  { row, keepsTracking, isTimeUp }: { row: Row; keepsTracking: boolean; isTimeUp: () => boolean },
): Promise<boolean> {
  const began = row['began'] !== false;
  const prerequisites = (row['prerequisites'] ?? []) as readonly string[];
  const firstRun = Number(row['firstRunNumber'] ?? run.runNumber);
  if (typeof row['machine'] === 'string') await stopFlow(ports, run, row['machine']);
  if (began) await startWaitingJobs(ports, run.partition);
  if (!(await wakeDependents(ports.table, run, isTimeUp))) return false;
  await removeDependent(ports.table, { ...run, runNumber: firstRun }, prerequisites);
  for (let runNumber = firstRun; runNumber <= run.runNumber; runNumber += 1) {
    const isRemoved = await removeJob(ports, { ...run, runNumber }, isTimeUp, {
      began,
      keepsTracking,
    });
    if (!isRemoved) return false;
  }
  return true;
}

/** Performs one slice. The row that it saves triggers the next slice, so other follow-ups run in between. */
async function continueBulkAction(
  { table, clock, log }: DispatchJobsPorts,
  row: Row,
  isTimeUp: () => boolean,
): Promise<void> {
  const bulk = bulkOfKey(row);
  if (bulk === undefined) return;
  const operation = await continueBulk(table, bulk, { now: () => clock.now(), isTimeUp });
  if (operation === undefined) return;
  const { verb, done, examined, status } = operation;
  log.info('bulk action continued', { ...bulk, verb, done, examined, status });
}

/** Writes to the row, so that the table's stream passes its follow-up on again. */
async function renew({ table }: DispatchJobsPorts, { runNumber }: JobRun, key: Key): Promise<void> {
  await table.write({
    kind: 'update',
    key,
    change: { add: { renewals: 1 } },
    when: [{ attribute: 'followUp', is: 'present' }, isRun(runNumber)],
  });
}

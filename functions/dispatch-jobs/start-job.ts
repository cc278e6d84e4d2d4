/**
 * Moves jobs from Waiting to Active: once all prerequisites are done, the delay has passed and the partition has a free
 * slot. Jobs without a slot wait on the waitlist of their partition, sorted by priority and age. The next one starts when
 * a job ends or the settings change.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { WakeMessage } from '#contract/messages.ts';
import { expiryOf } from '#core/expiry.ts';
import { type Failure, isWaiting, type Job } from '#core/job.ts';
import type { Clock, Log, Queues, Table } from '#core/ports.ts';
import type { Prerequisite, RootCause } from '#core/prerequisites.ts';
import { type Readiness, readinessOf, unmetPrerequisites } from '#core/readiness.ts';
import { adviceForFailed, describeFailed, PREREQUISITE_FAILED } from '#core/restart.ts';
import { sendAll } from '#core/send.ts';
import { findCycle, readPrerequisiteStates } from '../store/dependents.ts';
import { expireJob } from '../store/expire-job.ts';
import { clearFollowUp, moveJob, readJob } from '../store/jobs.ts';
import { askForTurn, type PartitionState, readPartition } from '../store/partitions.ts';
import { firstInQueue, saveStart } from '../store/waitlist.ts';

export interface StartPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts the job if it may start. Returns the started job, or `undefined` if it did not start. */
export async function startJob(ports: StartPorts, job: Job): Promise<Job | undefined> {
  const { table, clock } = ports;
  if (!isWaiting(job)) {
    await clearFollowUp(table, job, 'dispatch');
    return undefined;
  }
  const standings = await readPrerequisiteStates(table, job.partition, unmetPrerequisites(job));
  const readiness = readinessOf(job, (id) => standings.get(id) ?? { kind: 'missing' });
  if (readiness.kind === 'failed') {
    await failDependent(table, job, readiness, clock.now());
    return undefined;
  }
  const { prerequisites } = readiness;
  if (readiness.kind === 'waiting') {
    const search = await findCycle(table, job, unmetPrerequisites({ prerequisites }), standings);
    if (search.kind === 'cycle') await failInCycle(table, job, search.ids, clock.now());
    else await saveStart(table, job, { prerequisites });
    return undefined;
  }
  return startWhenDue(ports, job, { prerequisites, at: readiness.at });
}

/** Starts a job whose prerequisites are done, if its start time has come and a slot is free. */
async function startWhenDue(
  ports: StartPorts,
  job: Job,
  { prerequisites, at }: { prerequisites: readonly Prerequisite[]; at: number },
): Promise<Job | undefined> {
  const { table, clock } = ports;
  const startDue = Math.max(at + (job.delaySeconds ?? 0) * 1_000, job.notBefore ?? 0);
  if (job.status === 'Paused') {
    await saveStart(table, job, { prerequisites, startDue });
    return undefined;
  }
  if (startDue > clock.now()) {
    // Send before recording: a duplicate wake-up is harmless, a lost one is not.
    await sendDelayedWakeUp(ports, job, startDue);
    await saveStart(table, job, { prerequisites, startDue });
    return undefined;
  }
  if (await expireIfDue(ports, job)) return undefined;
  return (await startIfSlotFree(ports, job)) ?? joinWaitlist(ports, job, { prerequisites, startDue });
}

async function expireIfDue({ table, clock }: StartPorts, job: Job): Promise<boolean> {
  const now = clock.now();
  return hasExpired(job, now) && expireJob(table, job, now);
}

function hasExpired(job: Job, now: number): boolean {
  const expiry = expiryOf(job);
  return expiry !== undefined && expiry.time <= now;
}

/** Maximum delay of an SQS message. The sweeper wakes jobs that are due later. */
const MAX_DELAY_SECONDS = 900;

async function sendDelayedWakeUp({ queues, clock }: StartPorts, job: Job, startDue: number): Promise<void> {
  const delaySeconds = Math.ceil((startDue - clock.now()) / 1_000);
  if (delaySeconds > MAX_DELAY_SECONDS) return;
  const { partition, runNumber } = job;
  const message: WakeMessage = { v: MESSAGE_VERSION, kind: 'wake', partition, job: job.job, runNumber };
  await sendAll(queues, 'results', [{ body: JSON.stringify(message), group: partition, delaySeconds }]);
}

/** Starts the job if a slot is free and no job on the waitlist precedes it. */
async function startIfSlotFree(ports: StartPorts, job: Job): Promise<Job | undefined> {
  const { table } = ports;
  const [state, first] = await Promise.all([
    readPartition(table, job.partition, { strong: true }),
    firstInQueue(table, job.partition),
  ]);
  if (!hasFreeSlot(state) || first?.isBehind(job) === false) return undefined;
  return activateJob(ports, job, state);
}

async function activateJob(
  { table, clock }: StartPorts,
  job: Job,
  state: PartitionState,
): Promise<Job | undefined> {
  const now = clock.now();
  const moved = await moveJob(table, job, 'dispatch', {
    lastRead: job,
    now,
    runNumber: job.runNumber,
    // The job may have expired since it was read, or an edit may have shortened its expiry. The next attempt expires it.
    only: (current) => !hasExpired(current, now),
    followUp: 'launch',
    limit: { maxActiveJobs: state.settings.maxActiveJobs, settingsVersion: state.settingsVersion },
  });
  return moved.kind === 'moved' ? moved.job : undefined;
}

function hasFreeSlot({ settings, activeJobs }: PartitionState): boolean {
  return !settings.suspended && activeJobs < settings.maxActiveJobs;
}

async function joinWaitlist(
  ports: StartPorts,
  job: Job,
  notes: { prerequisites: readonly Prerequisite[]; startDue: number },
): Promise<undefined> {
  // A slot may have become free before the job joined the waitlist, so the waitlist is checked once more.
  const updatedJob = await saveStart(ports.table, job, { ...notes, queued: true });
  if (updatedJob === undefined) return;
  await startWaitingJobs(ports, job.partition);
  await clearFollowUp(ports.table, updatedJob, 'dispatch');
}

/** Maximum number of jobs that one turn of a partition starts, so that other partitions get their turn. */
const STARTS_PER_TURN = 20;

/** Starts the first jobs of the waitlist while the partition has free slots. */
export async function startWaitingJobs(ports: StartPorts, partition: string): Promise<void> {
  const { table } = ports;
  for (let attempts = 0; attempts < STARTS_PER_TURN; attempts += 1) {
    const first = await firstInQueue(table, partition);
    if (first === undefined) return;
    const state = await readPartition(table, partition, { strong: true });
    if (!hasFreeSlot(state)) return;
    const job = await readJob(table, { partition, job: first.job });
    if (job?.queued !== true || (await expireIfDue(ports, job))) continue;
    const startedJob = await activateJob(ports, job, state);
    if (startedJob !== undefined) ports.log.info('job left the waitlist', { partition, job: job.job });
  }
  await askForTurn(table, partition);
}

type Failed = Extract<Readiness, { kind: 'failed' }>;

async function failDependent(
  table: Table,
  job: Job,
  { prerequisite, how, root }: Failed,
  now: number,
): Promise<void> {
  const rootJob = await readJob(table, { partition: job.partition, job: root.job });
  const failed = { prerequisite, how, root, rootJob };
  const failureMessage = `prerequisite ${describeFailed(failed)}. ${adviceForFailed(failed)}`;
  await failWaiting(table, job, { code: PREREQUISITE_FAILED, failureMessage, root, now });
}

/** Fails a job that waits for itself. Two jobs created at the same moment can wait for each other despite the checks. */
async function failInCycle(table: Table, job: Job, cycle: readonly string[], now: number): Promise<void> {
  await failWaiting(table, job, {
    code: 'prerequisite-cycle',
    failureMessage: `the job waits for itself: ${cycle.join(' → ')}; resubmit the job without one of these prerequisites.`,
    root: { job: job.job, status: 'Failed' },
    now,
  });
}

async function failWaiting(
  table: Table,
  job: Job,
  why: { code: string; failureMessage: string; root: RootCause; now: number },
): Promise<void> {
  const { code, failureMessage, root, now } = why;
  const failure: Failure = {
    failureId: code,
    failureTime: now,
    failureSource: `job '${root.job}'`,
    failureMessage,
    code,
    attempts: 0,
  };
  await moveJob(table, job, 'fail', {
    now,
    runNumber: job.runNumber,
    only: isWaiting,
    failure,
    rootCause: root,
  });
}

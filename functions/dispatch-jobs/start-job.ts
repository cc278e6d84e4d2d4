/**
 * From Waiting to Active: once all prerequisites are done, the delay is over and the partition has a place. Whoever
 * waits for a place stands in the queue of its partition, by priority and age; the ends of jobs and changes of the
 * settings call the next of them.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { WakeMessage } from '#contract/messages.ts';
import { expiryOf } from '#core/expiry.ts';
import { type Failure, isWaiting, type Job } from '#core/job.ts';
import type { Clock, Log, Queues, Table } from '#core/ports.ts';
import {
  type Prerequisite,
  type Readiness,
  type RootCause,
  readinessOf,
  waitingFor,
} from '#core/prerequisites.ts';
import { sendAll } from '#core/send.ts';
import { findCycle, readStandings } from '../store/dependents.ts';
import { expireJob } from '../store/expire-job.ts';
import { clearFollowUp, moveJob, readJob } from '../store/jobs.ts';
import { askForTurn, type PartitionState, readPartition } from '../store/partitions.ts';
import { firstInQueue, noteStart } from '../store/start-queue.ts';

export interface StartPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks whether the job may start; answers it as it is now, if it did. */
export async function startJob(ports: StartPorts, job: Job): Promise<Job | undefined> {
  const { table, clock } = ports;
  if (!isWaiting(job)) {
    await clearFollowUp(table, job, 'dispatch');
    return undefined;
  }
  const standings = await readStandings(table, job.partition, waitingFor(job));
  const readiness = readinessOf(job, (id) => standings.get(id) ?? { kind: 'missing' });
  if (readiness.kind === 'failed') {
    await failDependent(table, job, readiness, clock.now());
    return undefined;
  }
  const { prerequisites } = readiness;
  if (readiness.kind === 'waiting') {
    const search = await findCycle(table, job, waitingFor({ prerequisites }), standings);
    if (search.kind === 'cycle') await failInCycle(table, job, search.ids, clock.now());
    else await noteStart(table, job, { prerequisites });
    return undefined;
  }
  return startWhenDue(ports, job, { prerequisites, at: readiness.at });
}

/** The prerequisites are done: what is left to wait for is time, then a place. */
async function startWhenDue(
  ports: StartPorts,
  job: Job,
  { prerequisites, at }: { prerequisites: readonly Prerequisite[]; at: number },
): Promise<Job | undefined> {
  const { table, clock } = ports;
  const startDue = Math.max(at + (job.delaySeconds ?? 0) * 1_000, job.notBefore ?? 0);
  if (job.status === 'Paused') {
    await noteStart(table, job, { prerequisites, startDue });
    return undefined;
  }
  if (startDue > clock.now()) {
    // Sent before it is noted: the message may come twice, but not never.
    await sendDelayedWakeUp(ports, job, startDue);
    await noteStart(table, job, { prerequisites, startDue });
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

/** SQS delays a message by so much at most; what is due later is for the sweeper to call. */
const MAX_DELAY_SECONDS = 900;

async function sendDelayedWakeUp({ queues, clock }: StartPorts, job: Job, startDue: number): Promise<void> {
  const delaySeconds = Math.ceil((startDue - clock.now()) / 1_000);
  if (delaySeconds > MAX_DELAY_SECONDS) return;
  const { partition, generation } = job;
  const message: WakeMessage = { v: MESSAGE_VERSION, kind: 'wake', partition, job: job.job, generation };
  await sendAll(queues, 'results', [{ body: JSON.stringify(message), group: partition, delaySeconds }]);
}

/** The usual way: there is a place, and nobody stands in line before it. */
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
    known: job,
    now,
    generation: job.generation,
    // Its time may have run out since it was looked at, or an edit may have cut it short: the next look expires it.
    only: (current) => !hasExpired(current, now),
    followUp: 'launch',
    limit: { maxActiveJobs: state.settings.maxActiveJobs, settingsVersion: state.settingsVersion },
  });
  return moved.outcome === 'moved' ? moved.job : undefined;
}

function hasFreeSlot({ settings, activeJobs }: PartitionState): boolean {
  return !settings.suspended && activeJobs < settings.maxActiveJobs;
}

async function joinWaitlist(
  ports: StartPorts,
  job: Job,
  notes: { prerequisites: readonly Prerequisite[]; startDue: number },
): Promise<undefined> {
  // A place may have become free since the look, and its end saw no one in line: so there is one more look.
  const noted = await noteStart(ports.table, job, { ...notes, queued: true });
  if (noted === undefined) return;
  await startWaitingJobs(ports, job.partition);
  await clearFollowUp(ports.table, noted, 'dispatch');
}

/** Jobs begun in one turn of a partition; then the others have theirs. */
const STARTS_PER_TURN = 20;

/** Begins the first in line for as long as the partition has places. */
export async function startWaitingJobs(ports: StartPorts, partition: string): Promise<void> {
  const { table } = ports;
  for (let looks = 0; looks < STARTS_PER_TURN; looks += 1) {
    const first = await firstInQueue(table, partition);
    if (first === undefined) return;
    const state = await readPartition(table, partition, { strong: true });
    if (!hasFreeSlot(state)) return;
    const job = await readJob(table, { partition, job: first.job });
    if (job?.queued !== true || (await expireIfDue(ports, job))) continue;
    const begun = await activateJob(ports, job, state);
    if (begun !== undefined) ports.log.info('job left the line', { partition, job: job.job });
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
  const since = root.job === prerequisite ? '' : `, since job '${root.job}' ended as ${root.status}`;
  const failureMessage =
    `prerequisite '${prerequisite}' ended as ${how}${since}; ` +
    `retry or resubmit '${root.job}', then resubmit this job, or choose another onPrerequisiteFailure`;
  await failWaiting(table, job, { code: 'prerequisite-failed', failureMessage, root, now });
}

/** Two jobs that were created at the same moment may wait for each other although each of them was checked. */
async function failInCycle(table: Table, job: Job, circle: readonly string[], now: number): Promise<void> {
  await failWaiting(table, job, {
    code: 'prerequisite-cycle',
    failureMessage: `the job waits for itself: ${circle.join(' → ')}; resubmit it without one of these prerequisites`,
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
    generation: job.generation,
    only: isWaiting,
    failure,
    rootCause: root,
  });
}

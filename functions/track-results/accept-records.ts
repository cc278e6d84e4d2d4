/**
 * Decides which messages the tracker accepts: those of jobs that are not final, of a kind that their sender may send.
 * Other messages are dropped, or sent to the queue `unroutable` with the reason.
 *
 * Workers run the code of users, and parsers that read untrusted files. They may report their chunks and hold the work of
 * a paused job. They must not send seals, flow results or messages for the split queue. The queue identifies the sender
 * (docs/explanation/decisions/0021-origin-of-messages.md).
 */

import {
  type ChunkMessage,
  chunkMessage,
  type HeldMessage,
  type ReportMessage,
  type ResultsMessage,
  resultsMessage,
  WORKER_KINDS,
} from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { NewerVersion } from '#core/errors.ts';
import type { Job, JobRun } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Log, Queues } from '#core/ports.ts';
import type { StatusCache } from '#core/status-cache.ts';
import { sendToUnroutable } from '../store/unroutable.ts';

/** `workers`: received from the reports queue. `service`: received from the results queue, where workers cannot send. */
export type Origin = 'service' | 'workers';

export interface ReceivedRecord {
  readonly id: string;
  readonly body: string;
  readonly origin: Origin;
}

export interface Accepted {
  readonly id: string;
  readonly run: JobRun;
  readonly job: Job;
  readonly message: ResultsMessage;
}

export interface AcceptPorts {
  readonly queues: Queues;
  readonly log: Log;
}

const PARALLEL_RECORDS = 16;

export interface AcceptedRecords {
  readonly accepted: readonly Accepted[];
  /** Reports of runs that ended before. They change nothing, but they may have been received before. */
  readonly late: readonly Accepted[];
}

/** Returns the accepted messages. Adds the ids of records that must be redelivered to `failed`. */
export async function acceptRecords(
  ports: AcceptPorts,
  statuses: StatusCache<Job>,
  records: readonly ReceivedRecord[],
  failed: Set<string>,
): Promise<AcceptedRecords> {
  const newer = new Set<string>();
  const accepted = await mapParallel(records, PARALLEL_RECORDS, async (record) => {
    try {
      return await acceptRecord(ports, statuses, record);
    } catch (error) {
      if (error instanceof NewerVersion) newer.add(error.message);
      else ports.log.warn('result could not be accepted', { error: String(error) });
      failed.add(record.id);
      return undefined;
    }
  });
  for (const reason of newer) ports.log.warn('message of a later release', { reason });
  const known = accepted.filter((record) => record !== undefined);
  return {
    accepted: known.filter(({ isLate }) => !isLate),
    late: known.filter(({ isLate, message }) => isLate && message.kind === 'report'),
  };
}

async function acceptRecord(
  ports: AcceptPorts,
  statuses: StatusCache<Job>,
  { id, body, origin }: ReceivedRecord,
): Promise<(Accepted & { readonly isLate: boolean }) | undefined> {
  const parsed = parseMessage(resultsMessage, body);
  const queue = origin === 'service' ? 'results' : 'reports';
  const unreadable = parsed.ok ? wrongKind(parsed.message, origin) : parsed.reason;
  if (!parsed.ok || unreadable !== undefined) {
    await sendToUnroutable(ports, 'no results message', { body, reason: unreadable ?? '', queue });
    return undefined;
  }
  const { message } = parsed;
  const run: JobRun = { partition: message.partition, job: message.job, runNumber: message.runNumber };
  const { decision, jobStatus: job } = await statuses.decide(run);
  if (job === undefined) return undefined;
  if (decision === 'discard') return { id, run, job, message, isLate: true };
  const refused = wrongContent(job, message, origin);
  if (refused === undefined) return { id, run, job, message, isLate: false };
  await sendToUnroutable(ports, 'refused results message', { body, reason: refused, queue });
  return undefined;
}

function wrongKind({ kind }: ResultsMessage, origin: Origin): string | undefined {
  if (origin === 'service' || WORKER_KINDS.includes(kind)) return undefined;
  return `a message of kind '${kind}' came from the reports queue; workers may only send: ${WORKER_KINDS.join(', ')}`;
}

/** Returns why the sender may not send this content about the job, or `undefined` if it may. */
function wrongContent(job: Job, message: ResultsMessage, origin: Origin): string | undefined {
  if (message.kind === 'flow' && job.flow === undefined) {
    return `a flow message is about job '${job.job}', which runs no template; only jobs with a template have a flow`;
  }
  if (origin === 'service') return undefined;
  if (message.kind === 'report') return wrongForward(job, message);
  return message.kind === 'held' ? wrongHeldWork(job, message) : undefined;
}

/** Checks that forwarded chunks belong to the run and go to workers of its pipeline. */
function wrongForward(job: Job, { forward = [] }: ReportMessage): string | undefined {
  return firstReason(forward.map((chunk) => foreignChunk(job, chunk, job.plan.pipeline)));
}

/** Checks that held messages are chunks of the run, for workers of the job. */
function wrongHeldWork(job: Job, { queue, bodies }: HeldMessage): string | undefined {
  const { worker, pipeline } = job.plan;
  // The workers of a flow are only known from the captured request, so they are not checked.
  const workers = job.flow === undefined ? [worker, ...pipeline] : undefined;
  const reasons = bodies.map((body) => {
    const parsed = parseMessage(chunkMessage, body);
    if (!parsed.ok) return `workers may only hold chunks: ${parsed.reason}`;
    const { message } = parsed;
    if (queue !== `worker:${message.worker}`) {
      return `a chunk for worker '${message.worker}' was held for queue '${queue}'`;
    }
    return foreignChunk(job, message, workers);
  });
  return firstReason(reasons);
}

function foreignChunk(
  job: Job,
  chunk: ChunkMessage,
  workers: readonly string[] | undefined,
): string | undefined {
  const isOfRun =
    chunk.partition === job.partition && chunk.job === job.job && chunk.runNumber === job.runNumber;
  if (!isOfRun) {
    const { partition, job: id, runNumber } = chunk;
    return `a message about job '${job.job}' of partition '${job.partition}' carries a chunk of run ${runNumber} of job '${id}' of partition '${partition}'`;
  }
  if (workers === undefined || workers.includes(chunk.worker)) return undefined;
  return `a chunk is for worker '${chunk.worker}'; job '${job.job}' may send it to: ${workers.join(', ') || 'no worker'}`;
}

function firstReason(reasons: readonly (string | undefined)[]): string | undefined {
  return reasons.find((reason) => reason !== undefined);
}

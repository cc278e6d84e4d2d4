/**
 * Handles dead letters, so that every message ends in a report and no job waits forever.
 *
 * - A chunk that its worker started but never finished is poison: its open items fail, and the rest of the job continues.
 * - A chunk of a final job is dropped.
 * - A chunk that never started is sent again. A throttled function also uses up receives.
 * - A batch that could not be split fails its job with the last error.
 * - A report is never dropped: it is sent to its queue again.
 * - A message of a later release stays until this function is updated.
 *
 * A letter is accepted only if the consumer of its queue would accept it. A worker cannot create a seal or a batch by
 * sending it to its own queue and refusing it.
 */
import * as v from 'valibot';
import {
  type ChunkMessage,
  chunkMessage,
  resultsMessage,
  type SplitMessage,
  type StepMessage,
  splitMessage,
  stepMessage,
  WORKER_KINDS,
} from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { PermanentFailure } from '#core/errors.ts';
import { decideWork, runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { elementsByPosition, PAGE_SIZE, pageOfChild } from '#core/page.ts';
import type { Clock, Log, Objects, QueueName, Queues, Random, Table } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { ROOT } from '#core/task-path.ts';
import { failedRecord, type ItemAttempt } from '#kit/attempt.ts';
import { loadChunk } from '#kit/load-chunk.ts';
import { settleLostChunk } from '#kit/lost-chunk.ts';
import { settleChunk } from '#kit/settle-chunk.ts';
import { ClaimLost } from '../store/claim-check.ts';
import { readFence } from '../store/fences.ts';
import { failJob, readStatus } from '../store/jobs.ts';
import { chunkErrorKey, markKey } from '../store/object-keys.ts';
import { readPage } from '../store/pages.ts';
import { type ChunkResult, reportsOf } from '../store/reports.ts';
import { sendToUnroutable } from '../store/unroutable.ts';
import type { LetterOrigin } from './letter-origin.ts';

/** Number of times that a message that never started is sent again before it counts as undeliverable. */
export const MAX_REDRIVES = 3;

export interface ReadDeadLettersPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
}

const deadLetter = v.variant('kind', [chunkMessage, splitMessage, stepMessage, ...resultsMessage.options]);
type Letter = v.InferOutput<typeof deadLetter>;

/** Message kinds that each queue accepts. */
const KINDS: Readonly<Record<LetterOrigin['queue'], readonly Letter['kind'][]>> = {
  split: ['split', 'step'],
  worker: ['chunk'],
  reports: WORKER_KINDS,
  results: resultsMessage.options.map(({ entries }) => entries.kind.literal),
};

export interface DeadLetter {
  readonly body: string;
  readonly origin: LetterOrigin;
}

/** Throws if the letter must stay in the dead-letter queue for another try. */
export type ReadDeadLetter = (letter: DeadLetter) => Promise<void>;

export function readDeadLetters(ports: ReadDeadLettersPorts): ReadDeadLetter {
  return async ({ body, origin }) => {
    const parsed = parseMessage(deadLetter, body);
    const refused = parsed.ok ? refusalReason(parsed.message, origin) : parsed.reason;
    if (!parsed.ok || refused !== undefined)
      return sendToUnroutable(ports, 'dead letter', { body, reason: refused ?? '', queue: queueOf(origin) });
    const { message } = parsed;
    const { kind, partition, job, runNumber } = message;
    ports.log.alarm('dead letter', { kind, partition, job, runNumber });
    switch (message.kind) {
      case 'chunk':
        return buryChunk(ports, message);
      case 'split':
      case 'step':
        if ((message.redrives ?? 0) < MAX_REDRIVES) return sendAgain(ports, 'split', message);
        return failUnsplit(ports, message);
      case 'progress':
        // A later update or the outcome replaces it.
        return;
      default:
        return sendAgain(ports, origin.queue === 'results' ? 'results' : 'reports', message);
    }
  };
}

/** Returns the queue that a letter comes from, if it is known. */
function queueOf(origin: LetterOrigin): QueueName | undefined {
  if (origin.queue !== 'worker') return origin.queue;
  return origin.worker === undefined ? undefined : `worker:${origin.worker}`;
}

/** Returns why the queue does not accept such a message, or `undefined` if it does. */
function refusalReason(message: Letter, origin: LetterOrigin): string | undefined {
  const kinds = KINDS[origin.queue];
  if (!kinds.includes(message.kind)) {
    return `a message of kind '${message.kind}' came from a ${origin.queue} queue, which only accepts: ${kinds.join(', ')}`;
  }
  const { worker } = origin.queue === 'worker' ? origin : {};
  if (message.kind !== 'chunk' || worker === undefined || worker === message.worker) return undefined;
  return `a chunk for worker '${message.worker}' came from the queue of worker '${worker}'`;
}

async function sendAgain(
  ports: ReadDeadLettersPorts,
  queue: QueueName,
  message: { readonly partition: string; readonly kind: string; readonly redrives?: number | undefined },
): Promise<void> {
  const isCounted = ['chunk', 'split', 'step'].includes(message.kind);
  const body = JSON.stringify(!isCounted ? message : { ...message, redrives: (message.redrives ?? 0) + 1 });
  await sendAll(ports.queues, queue, [{ body, group: message.partition }]);
}

async function buryChunk(ports: ReadDeadLettersPorts, chunk: ChunkMessage): Promise<void> {
  // A final job is already counted, and a failure would contradict its totals. An object must not be written for a deleted
  // job either.
  const status = await readStatus(ports.table, chunk, { strong: true });
  if (decideWork(status, chunk.runNumber) === 'discard') return;
  // The message that recorded the chunk completes its pages, or is redelivered.
  if (await isRecorded(ports.table, chunk)) return;
  const hasStarted =
    (await ports.objects.describe({ key: markKey(chunk, chunk.path, chunk.index) })) !== undefined;
  if (!hasStarted && (chunk.redrives ?? 0) < MAX_REDRIVES && !(await isLost(ports, chunk))) {
    return sendAgain(ports, `worker:${chunk.worker}`, chunk);
  }
  const error = await ports.objects.get({ key: chunkErrorKey(chunk, chunk.path, chunk.index) });
  const last = error === undefined ? '' : `; its last error: ${new TextDecoder().decode(error)}`;
  const reason = hasStarted
    ? new PermanentFailure(
        'poison',
        `worker '${chunk.worker}' ended before it finished this chunk, in every attempt. See its log for crashes, ` +
          'out-of-memory errors or timeouts. To find the item, retry the failed ones by their itemIds, a few at a ' +
          `time, or create the job again with itemsPerTask 1${last}`,
      )
    : new PermanentFailure(
        'undeliverable',
        error === undefined
          ? `worker '${chunk.worker}' never received this chunk. Check whether it is throttled.`
          : `worker '${chunk.worker}' could not start or finish this chunk${last}`,
      );
  try {
    const loaded = await loadChunk(ports.objects, chunk);
    const now = ports.clock.now();
    const results = loaded.items.map((item): ItemAttempt => {
      return {
        kind: 'final',
        record: failedRecord(chunk, item, reason, { attempts: (item.tries ?? 0) + 1, now }),
      };
    });
    // Items that this worker finished go to the next worker of the pipeline.
    const settled = await settleChunk({ ...ports, now }, loaded, results);
    if (settled.kind !== 'again') await report(ports, chunk, settled);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    await buryLost(ports, chunk, error);
  }
}

async function isRecorded(table: Table, chunk: ChunkMessage): Promise<boolean> {
  const page = await readPage(table, chunk, chunk.path, pageOfChild(chunk.index));
  return elementsByPosition(page.elements).has(chunk.index % PAGE_SIZE);
}

/** Fails the items of a lost chunk. If their number is unknown, the totals cannot be exact and the job fails. */
async function buryLost(ports: ReadDeadLettersPorts, chunk: ChunkMessage, lost: ClaimLost): Promise<void> {
  const settled = await settleLostChunk({ ...ports, now: ports.clock.now() }, chunk, lost);
  if (settled !== undefined && settled.kind !== 'again') return report(ports, chunk, settled);
  const { path, index, step } = chunk;
  await failJob(ports, chunk, lost, { at: { step: step?.name, path, index } });
}

/** True if an object of the chunk is missing, so that sending the chunk again cannot help. */
async function isLost({ objects }: ReadDeadLettersPorts, chunk: ChunkMessage): Promise<boolean> {
  try {
    await loadChunk(objects, chunk);
    return false;
  } catch (error) {
    if (error instanceof ClaimLost) return true;
    throw error;
  }
}

async function report(
  ports: ReadDeadLettersPorts,
  chunk: ChunkMessage,
  finished: ChunkResult,
): Promise<void> {
  const run = runOf(chunk);
  const reports = await reportsOf(ports, run, [finished], ports.meter.take(run));
  const messages = reports.map((message) => ({ body: JSON.stringify(message), group: run.partition }));
  await sendAll(ports.queues, 'results', messages);
}

async function failUnsplit(ports: ReadDeadLettersPorts, message: SplitMessage | StepMessage): Promise<void> {
  const path = message.kind === 'step' ? ROOT : message.path;
  const what =
    message.kind === 'step'
      ? `step '${message.step}' could not start`
      : `splitter '${message.splitter}' failed on this batch`;
  const { trouble } = (await readFence(ports.table, message, path)) ?? {};
  const why =
    trouble?.reason === undefined
      ? 'no error was recorded, so the function was throttled, out of memory or out of time. See the log of split-batch.'
      : `the last error: ${trouble.reason}`;
  const reason = new PermanentFailure('splitter-failed', `${what} in every attempt; ${why}`);
  await failJob(ports, message, reason, { at: { path }, attempts: MAX_REDRIVES + 1 });
}

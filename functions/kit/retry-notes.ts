/** Shows users work that is retried: in the note of the job, in the tasks of the job, and finally in its failure. */

import { MAX_NOTE_CHARACTERS } from '#contract/message-limits.ts';
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { ChunkMessage, ProgressMessage } from '#contract/messages.ts';
import { BoundedMap } from '#core/bounded-map.ts';
import { classifyFailure } from '#core/classify-failure.ts';
import { type JobRun, runId, runOf } from '#core/job.ts';
import type { Clock, Log, Objects, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { chunkErrorKey, retryNoteKey } from '../store/object-keys.ts';
import { writeRetryNote } from '../store/retry-notes.ts';
import type { Settled } from './settle-chunk.ts';

/** Minimum time between two notes of a job from one instance. Each note is a message. */
const INTERVAL_MILLIS = 5_000;

/** Maximum number of jobs whose last note is kept. */
const MAX_JOBS = 1_000;

/** Limits the notes of a job, so that many retries do not send a message each. */
export class RetryNotes {
  readonly #clock: Clock;
  readonly #toldAt = new BoundedMap<string, number>(MAX_JOBS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDue(run: JobRun): boolean {
    const key = runId(run);
    const now = this.#clock.now();
    if (now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < INTERVAL_MILLIS) return false;
    this.#toldAt.setNewest(key, now);
    return true;
  }
}

export interface ChunkErrorPorts {
  readonly queues: Queues;
  readonly objects: Objects;
  readonly log: Log;
}

/**
 * Stores the error of a redelivered chunk for the dead-letter reader, and shows it in the note of the job. Best effort:
 * the chunk is redelivered in any case.
 */
export async function keepChunkError(
  { queues, objects, log }: ChunkErrorPorts,
  notes: RetryNotes,
  chunk: ChunkMessage,
  error: unknown,
): Promise<void> {
  const { partition, job, path, index } = chunk;
  const reason = classifyFailure(error).message.slice(0, MAX_NOTE_CHARACTERS).toWellFormed();
  try {
    await objects.put(chunkErrorKey(chunk, path, index), reason, {
      contentType: 'text/plain; charset=utf-8',
    });
    if (!notes.isDue(chunk)) return;
    const message: ProgressMessage = {
      v: MESSAGE_VERSION,
      kind: 'progress',
      ...runOf(chunk),
      path,
      index,
      items: chunk.items?.length || chunk.range?.count || chunk.itemsPerTask,
      fraction: 0,
      note: `chunk ${index} of batch ${path || 'root'} is retried: ${reason}`
        .slice(0, MAX_NOTE_CHARACTERS)
        .toWellFormed(),
    };
    await sendAll(queues, 'reports', [{ body: JSON.stringify(message), group: partition }]);
  } catch (cause) {
    log.warn('the error of a chunk could not be kept', { partition, job, error: String(cause) });
  }
}

/**
 * Stores the failed attempts of a chunk before it is sent again. Best effort: without the note, only the number of
 * attempts is known.
 */
export async function keepChunkNote(
  { objects, log }: Omit<ChunkErrorPorts, 'queues'>,
  settled: Settled,
): Promise<void> {
  if (settled.kind !== 'again' || settled.note === undefined) return;
  const { chunk, note } = settled;
  try {
    await writeRetryNote(objects, chunk, note);
  } catch (error) {
    const { partition, job } = chunk;
    log.warn('the note of a retried chunk could not be kept', { partition, job, error: String(error) });
  }
}

/** Deletes the notes of chunks that are settled. Readers ignore the note of a settled chunk, so a failure is harmless. */
export async function dropChunkNotes(
  { objects, log }: Omit<ChunkErrorPorts, 'queues'>,
  settled: readonly { readonly chunk: ChunkMessage }[],
): Promise<void> {
  const retried = settled.filter(({ chunk }) => chunk.hop > 0);
  if (retried.length === 0) return;
  try {
    await objects.delete(retried.map(({ chunk }) => retryNoteKey(chunk, chunk.path, chunk.index)));
  } catch (error) {
    log.warn('notes of settled chunks could not be deleted', { error: String(error) });
  }
}

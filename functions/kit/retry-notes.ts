/** Shows users the last error of work that is retried: in the note of the job, and finally in its failure. */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import { type ChunkMessage, MAX_NOTE_CHARACTERS, type ProgressMessage } from '#contract/messages.ts';
import { BoundedMap } from '#core/bounded-map.ts';
import { classifyFailure } from '#core/classify-failure.ts';
import { type JobRun, runId, runOf } from '#core/job.ts';
import type { Clock, Log, Objects, Queues } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { chunkErrorKey } from '../store/object-keys.ts';

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

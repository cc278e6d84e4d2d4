import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { shortenId } from '#core/failure.ts';
import type { Item } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import type { Clock, Queues } from '#core/ports.ts';
import { failedRecord, type ItemAttempt, type RunItemPorts } from './attempt.ts';
import { ChunkProgress } from './chunk-progress.ts';
import type { JobContext } from './define-worker.ts';
import type { LoadedChunk } from './load-chunk.ts';
import type { RetryNotes } from './retry-notes.ts';

export interface RunItemsPorts extends RunItemPorts {
  readonly queues: Queues;
  /**
   * Returns the number of the first run of the job, or `undefined` if the job is paused, final or deleted. Returns a
   * promise only if it reads the status.
   */
  readonly activeGeneration: (run: JobRun) => Promise<number | undefined> | number | undefined;
  readonly notes: RetryNotes;
}

/** A chunk while its items run. */
export class OpenChunk<P> {
  readonly chunk: ChunkMessage;
  readonly items: readonly Item[];
  /** The context that the items share. */
  readonly context: JobContext<P>;
  readonly progress: ChunkProgress;
  /** Results of the items, by position. */
  readonly results: ItemAttempt[] = [];
  readonly #clock: Clock;
  #startedAt: number | undefined;
  #endedAt = 0;

  constructor(ports: RunItemsPorts, loaded: LoadedChunk, context: JobContext<P>) {
    this.chunk = loaded.chunk;
    this.items = loaded.items;
    this.context = context;
    this.progress = new ChunkProgress(ports, loaded);
    this.#clock = ports.clock;
  }

  /** Time from the start of the first item to the end of the last one. */
  get ranMillis(): number {
    return Math.max(0, this.#endedAt - (this.#startedAt ?? this.#endedAt));
  }

  /** Called when items of the chunk start. */
  begin(): void {
    this.#startedAt ??= this.#clock.now();
  }

  settle(position: number, result: ItemAttempt): void {
    this.#endedAt = this.#clock.now();
    this.results[position] = result;
    this.progress.settle(position, result.kind === 'final');
  }

  /** Reports the last error of the retried items in the note of the job. */
  noteRetry(notes: RetryNotes): void {
    const last = this.results.findLast((one) => one.kind === 'retry');
    if (last === undefined || !notes.isDue(this.chunk)) return;
    const { item, reason } = last;
    this.progress.sendNote(
      `item ${shortenId(item.id)} is retried, ${item.tries} of ${this.chunk.maxAttempts} attempts failed: ${reason}`,
    );
  }
}

/** Returns the failures of the items of a chunk whose parameters are not valid. */
export function refusedItems({ chunk, items }: LoadedChunk, problem: string, now: number): ItemAttempt[] {
  const reason = new PermanentFailure(
    'invalid-parameters',
    `parameters of worker '${chunk.worker}' at ${problem}`,
  );
  return items.map((item) => ({
    kind: 'final',
    record: failedRecord(chunk, item, reason, { attempts: item.tries ?? 0, now }),
  }));
}

import { BoundedMap } from '#core/bounded-map.ts';
import { type JobRun, runId } from '#core/job.ts';
import { addOperations, type Operations } from '#core/meter.ts';
import type { Clock } from '#core/ports.ts';
import { addCounts, isZero, NO_PROGRESS, type Progress } from '#core/progress.ts';
import { type ChunkTime, slowestOf } from '#core/slowest.ts';

/** Minimum time between two progress writes for a job, for each instance whose batches are full. */
export const PROGRESS_INTERVAL_MILLIS = 1_000;

/** Maximum number of jobs that an instance keeps. Beyond it, the counts of the job that counted least recently are dropped. */
const MAX_JOBS = 10_000;

export interface Counted {
  readonly run: JobRun;
  readonly delta: Progress;
  /** Counts of each visit of a step, by node. Empty if the job runs no template. */
  readonly visits: ReadonlyMap<number, Progress>;
  readonly operations: Operations;
  /** The slowest chunks that were reported. */
  readonly slowest: readonly ChunkTime[];
  /** Most recent note of a chunk. */
  readonly note?: string | undefined;
  /** Time of the first count. Long ago if the instance was frozen since. */
  readonly countedAt?: number;
}

interface Entry extends Counted {
  readonly writtenAt: number;
}

/**
 * Counts that this instance has not written yet. An instance that ends loses up to a second of progress, but the totals
 * at the end of a job are exact without it. Completion never waits for the ledger.
 */
export class ProgressLedger {
  readonly #entries = new BoundedMap<string, Entry>(MAX_JOBS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(run: JobRun, delta: Partial<Progress>, operations: Operations = {}, note?: string): void {
    const key = runId(run);
    const entry = this.#entries.get(key) ?? { ...nothing(run), writtenAt: 0 };
    this.#entries.setNewest(key, {
      ...entry,
      delta: addCounts(entry.delta, delta),
      operations: addOperations(entry.operations, operations),
      note: note ?? entry.note,
      countedAt: entry.countedAt ?? this.#clock.now(),
    });
  }

  addToVisit(run: JobRun, node: number, delta: Partial<Progress>): void {
    this.add(run, {});
    const entry = this.#entries.get(runId(run));
    if (entry === undefined) return;
    const visits = new Map(entry.visits).set(node, addCounts(entry.visits.get(node) ?? NO_PROGRESS, delta));
    this.#entries.set(runId(run), { ...entry, visits });
  }

  addSlowest(run: JobRun, times: readonly ChunkTime[]): void {
    this.add(run, {});
    const entry = this.#entries.get(runId(run));
    if (entry === undefined) return;
    this.#entries.set(runId(run), { ...entry, slowest: slowestOf([...entry.slowest, ...times]) });
  }

  /** Removes and returns the counts that are due now, by the clock or because they are urgent. */
  takeDue(isUrgent: (counted: Counted) => boolean = () => false): Counted[] {
    const now = this.#clock.now();
    const due: Counted[] = [];
    for (const [key, entry] of this.#entries) {
      const isEarly = now - entry.writtenAt < PROGRESS_INTERVAL_MILLIS;
      if (!hasCounted(entry) || (isEarly && !isUrgent(entry))) continue;
      due.push(entry);
      this.#entries.set(key, { ...nothing(entry.run), writtenAt: now });
    }
    return due;
  }

  /** Removes and returns all counts of a run that ends. */
  takeAll(run: JobRun): Counted {
    const key = runId(run);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry ?? nothing(run);
  }
}

function nothing(run: JobRun): Counted {
  return { run, delta: NO_PROGRESS, visits: new Map(), operations: {}, slowest: [] };
}

function hasCounted({ delta, visits, operations, slowest, note }: Counted): boolean {
  const isCounted = [delta, ...visits.values()].some((counts) => !isZero(counts));
  return note !== undefined || isCounted || slowest.length > 0 || Object.keys(operations).length > 0;
}

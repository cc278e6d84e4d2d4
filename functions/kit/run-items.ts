/**
 * Runs the items of several chunks in parallel, one item a call or several if the worker takes them. A failed call is
 * repeated with each half of its items, so that finally only the faulty item fails.
 */
import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { shortenId } from '#core/failure.ts';
import type { JobRun } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Queues } from '#core/ports.ts';
import { failedRecord, type ItemAttempt, type RunItemPorts } from './attempt.ts';
import { callWorker } from './call-worker.ts';
import { ChunkProgress } from './chunk-progress.ts';
import type { Worker } from './define-worker.ts';
import type { LoadedChunk } from './load-chunk.ts';
import type { RetryNotes } from './retry-notes.ts';

export interface RunItemsPorts extends RunItemPorts {
  readonly queues: Queues;
  /** Returns the number of the first run of the job, or `undefined` if the job is paused, final or deleted. */
  readonly activeGeneration: (run: JobRun) => Promise<number | undefined>;
  readonly notes: RetryNotes;
}

export interface Runnable {
  readonly chunk: LoadedChunk;
  /** Parameters of the job, before the worker validates them. */
  readonly parameters: unknown;
}

/** Items of one chunk that are passed to the worker in the same call. */
interface ItemGroup<P> {
  readonly chunk: ChunkMessage;
  readonly items: readonly PositionedItem[];
  readonly parameters: ParsedParameters<P>;
  readonly progress: ChunkProgress;
  /** Results of the items of the chunk, by position. */
  readonly results: ItemAttempt[];
  readonly ran: RunTime;
}

/** Time between the first call with items of a chunk and the end of its last. */
interface RunTime {
  startedAt?: number;
  millis: number;
}

/** Results of the items of a chunk, in their order, and the time that they ran. */
export interface ChunkRun {
  readonly results: readonly ItemAttempt[];
  readonly millis: number;
}

type PositionedItem = { readonly item: LoadedChunk['items'][number]; readonly position: number };
type ParsedParameters<P> = ReturnType<Worker<P>['parameters']['safeParse']>;

/** Runs the items of each chunk. */
export async function runItems<P, R extends Runnable>(
  worker: Worker<P>,
  ports: RunItemsPorts,
  { chunks, signal }: { chunks: readonly R[]; signal: AbortSignal },
): Promise<Map<R, ChunkRun>> {
  // The key is not the message id, because one batch may contain the same message twice.
  const byChunk = new Map(
    chunks.map((one) => [
      one,
      {
        results: [] as ItemAttempt[],
        progress: new ChunkProgress(ports, one.chunk),
        ran: { millis: 0 } as RunTime,
      },
    ]),
  );
  let open = [...byChunk].flatMap(([one, state]) => groupsOf(worker, one, state));
  while (open.length > 0) {
    const halves = await mapParallel(open, worker.concurrency, (group) =>
      runOrSplitGroup(worker, ports, group, signal),
    );
    open = halves.flat();
  }
  for (const [{ chunk }, state] of byChunk) noteRetry(ports, chunk, state);
  await Promise.all([...byChunk.values()].map(({ progress }) => progress.untilSent()));
  return new Map([...byChunk].map(([one, { results, ran }]) => [one, { results, millis: ran.millis }]));
}

/** Reports the last error of the retried items in the note of the job. */
function noteRetry(
  { notes }: RunItemsPorts,
  { chunk }: LoadedChunk,
  { results, progress }: { readonly results: readonly ItemAttempt[]; readonly progress: ChunkProgress },
): void {
  const last = results.findLast((one) => one.kind === 'retry');
  if (last === undefined || !notes.isDue(chunk)) return;
  const { item, reason } = last;
  progress.sendNote(
    `item ${shortenId(item.id)} is retried, ${item.tries} of ${chunk.maxAttempts} attempts failed: ${reason}`,
  );
}

function groupsOf<P>(
  worker: Worker<P>,
  { chunk: { chunk, items }, parameters }: Runnable,
  state: Pick<ItemGroup<P>, 'results' | 'progress' | 'ran'>,
): ItemGroup<P>[] {
  const parsed = worker.parameters.safeParse(parameters);
  const positioned = items.map((item, position) => ({ item, position }));
  const size = parsed.success ? maxItemsOf(worker, parsed.data, items.length) : items.length;
  return slices(positioned, size).map((slice) => ({ chunk, items: slice, parameters: parsed, ...state }));
}

function maxItemsOf<P>(worker: Worker<P>, parameters: P, all: number): number {
  if (worker.runChunk === undefined) return 1;
  return Math.max(1, Math.floor(worker.maxItems?.(parameters) ?? all) || 1);
}

function slices<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

/** Runs a group. Returns its two halves if the call failed as a whole, otherwise no group. */
async function runOrSplitGroup<P>(
  worker: Worker<P>,
  ports: RunItemsPorts,
  group: ItemGroup<P>,
  signal: AbortSignal,
): Promise<ItemGroup<P>[]> {
  const { items, progress, ran } = group;
  ran.startedAt ??= ports.clock.now();
  const attempts = await runOneCall(worker, ports, group, signal);
  ran.millis = Math.max(0, ports.clock.now() - ran.startedAt);
  if (attempts === 'split') {
    return slices(items, Math.ceil(items.length / 2)).map((half) => ({ ...group, items: half }));
  }
  for (const [at, result] of attempts.entries()) {
    const { position = 0 } = items[at] ?? {};
    group.results[position] = result;
    progress.settle(position, result.kind === 'final');
  }
  return [];
}

async function runOneCall<P>(
  worker: Worker<P>,
  ports: RunItemsPorts,
  { chunk, items, parameters: parsed, progress: chunkProgress }: ItemGroup<P>,
  signal: AbortSignal,
): Promise<readonly ItemAttempt[] | 'split'> {
  if (!parsed.success) {
    const reason = new PermanentFailure(
      'invalid-parameters',
      `parameters of worker '${chunk.worker}': ${parsed.error.message}`,
    );
    const now = ports.clock.now();
    return items.map(({ item }) => ({
      kind: 'final',
      record: failedRecord(chunk, item, reason, { attempts: item.tries ?? 0, now }),
    }));
  }
  const generation = signal.aborted ? undefined : await ports.activeGeneration(chunk);
  if (generation === undefined) return items.map(({ item }) => ({ kind: 'unfinished', item }));
  const progress = chunkProgress.update.bind(chunkProgress);
  return callWorker(worker, ports, { chunk, generation, items, parameters: parsed.data, signal, progress });
}

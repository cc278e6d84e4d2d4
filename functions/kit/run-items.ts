/** Runs the items of several chunks in parallel, one item a call or several if the worker takes them. */
import { checkBy } from '#core/schema.ts';
import type { ItemAttempt } from './attempt.ts';
import type { Worker } from './define-worker.ts';
import { jobContextOf } from './job-context.ts';
import type { LoadedChunk } from './load-chunk.ts';
import { OpenChunk, type RunItemsPorts, refusedItems } from './open-chunk.ts';
import { runEachItem } from './run-each-item.ts';
import { runGroups } from './run-groups.ts';

export interface Runnable {
  readonly chunk: LoadedChunk;
  /** Parameters of the job, before the worker validates them. */
  readonly parameters: unknown;
}

/** Results of the items of a chunk, in their order, and the time that they ran. */
export interface ChunkRun {
  readonly results: readonly ItemAttempt[];
  readonly ranMillis: number;
}

/** Runs the items of each chunk. */
export async function runItems<P, R extends Runnable>(
  worker: Worker<P>,
  ports: RunItemsPorts,
  { chunks, signal }: { chunks: readonly R[]; signal: AbortSignal },
): Promise<Map<R, ChunkRun>> {
  // The key is not the message id, because one batch may contain the same message twice.
  const runs = new Map<R, ChunkRun>();
  const openChunks: OpenChunk<P>[] = [];
  for (const one of chunks) {
    const parameters = checkBy(worker.parameters, one.parameters);
    if (parameters.ok) {
      const context = jobContextOf(ports, one.chunk.chunk, { parameters: parameters.value, signal });
      const open = new OpenChunk(ports, one.chunk, context);
      openChunks.push(open);
      runs.set(one, open);
    } else {
      const results = refusedItems(one.chunk, parameters.reason, ports.clock.now());
      runs.set(one, { results, ranMillis: 0 });
    }
  }
  if (worker.runChunk === undefined) await runEachItem(worker, ports, openChunks);
  else await runGroups(worker, ports, openChunks);
  for (const open of openChunks) open.noteRetry(ports.notes);
  await Promise.all(openChunks.map(({ progress }) => progress.untilSent()));
  return runs;
}

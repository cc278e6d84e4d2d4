/** Runs the items of several chunks in parallel, one item a call or several if the worker takes them. */
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

/** Returns the results of the items of each chunk, in their order. */
export async function runItems<P, R extends Runnable>(
  worker: Worker<P>,
  ports: RunItemsPorts,
  { chunks, signal }: { chunks: readonly R[]; signal: AbortSignal },
): Promise<Map<R, readonly ItemAttempt[]>> {
  // The key is not the message id, because one batch may contain the same message twice.
  const results = new Map<R, readonly ItemAttempt[]>();
  const openChunks: OpenChunk<P>[] = [];
  for (const one of chunks) {
    const parameters = worker.parameters.safeParse(one.parameters);
    if (parameters.success) {
      const context = jobContextOf(ports, one.chunk.chunk, { parameters: parameters.data, signal });
      const open = new OpenChunk(ports, one.chunk, context);
      openChunks.push(open);
      results.set(one, open.results);
    } else {
      results.set(one, refusedItems(one.chunk, parameters.error.message, ports.clock.now()));
    }
  }
  if (worker.runChunk === undefined) await runEachItem(worker, ports, openChunks);
  else await runGroups(worker, ports, openChunks);
  for (const open of openChunks) open.noteRetry(ports.notes);
  await Promise.all(openChunks.map(({ progress }) => progress.untilSent()));
  return results;
}

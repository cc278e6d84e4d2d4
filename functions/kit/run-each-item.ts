/** Runs a worker that handles one item at a time. */
import type { Item } from '#core/item.ts';
import { mapParallel } from '#core/parallel.ts';
import { Attempt } from './attempt.ts';
import type { WorkerOptions } from './define-worker.ts';
import type { OpenChunk, RunItemsPorts } from './open-chunk.ts';
import { type SelectedItem, selectItem, selectsByType } from './select-items.ts';

interface Task<P> {
  readonly open: OpenChunk<P>;
  readonly item: Item;
  readonly position: number;
}

export async function runEachItem<P>(
  worker: WorkerOptions<P> & { readonly concurrency: number },
  ports: RunItemsPorts,
  chunks: readonly OpenChunk<P>[],
): Promise<void> {
  const tasks = chunks.flatMap((open) =>
    open.items.map((item, position): Task<P> => ({ open, item, position })),
  );
  await mapParallel(tasks, worker.concurrency, (task) => runItem(worker, ports, task));
}

/** An invocation may have thousands of short items. An item that needs no read creates few promises. */
function runItem<P>(worker: WorkerOptions<P>, ports: RunItemsPorts, task: Task<P>): Promise<void> | void {
  const { chunk, context } = task.open;
  task.open.begin();
  const generation = context.signal.aborted ? undefined : ports.activeGeneration(chunk);
  if (typeof generation !== 'number' || selectsByType(chunk.step)) {
    return runAfterReads(worker, ports, task, generation);
  }
  return runAttempt(worker, ports, { ...task, generation });
}

async function runAfterReads<P>(
  worker: WorkerOptions<P>,
  ports: RunItemsPorts,
  { open, item, position }: Task<P>,
  activeGeneration: Promise<number | undefined> | number | undefined,
): Promise<void> {
  const generation = await activeGeneration;
  if (generation === undefined) return open.settle(position, { kind: 'unfinished', item });
  const selected = await selectItem({ item, position }, open.chunk.step, open.context);
  return runAttempt(worker, ports, { open, generation, ...selected });
}

function runAttempt<P>(
  worker: WorkerOptions<P>,
  ports: RunItemsPorts,
  { open, generation, item, itemFailure, position }: SelectedItem & Task<P> & { readonly generation: number },
): Promise<void> {
  const { chunk, context, progress } = open;
  const call = { chunk, generation, context, progress: progress.update };
  const attempt = new Attempt<P>(ports, call, { item, itemFailure, position });
  return attempt
    .settle(() => worker.run(attempt.item, attempt.context))
    .then((result) => open.settle(position, result));
}

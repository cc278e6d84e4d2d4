/**
 * Runs a worker that handles several items of a chunk in one call. A failed call is repeated with each half of its items,
 * so that finally only the faulty item fails.
 */
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure } from '#core/errors.ts';
import { mapParallel } from '#core/parallel.ts';
import { Attempt, type ItemAttempt } from './attempt.ts';
import type { ChunkContext, ChunkWorkerOptions } from './define-worker.ts';
import type { OpenChunk, RunItemsPorts } from './open-chunk.ts';
import { type SelectedItem, selectItem, selectsByType } from './select-items.ts';

/** Items of one chunk that are passed to the worker in the same call. */
interface Group<P> {
  readonly open: OpenChunk<P>;
  readonly items: readonly SelectedItem[];
}

const PARALLEL_READS = 4;

export async function runGroups<P>(
  worker: ChunkWorkerOptions<P> & { readonly concurrency: number },
  ports: RunItemsPorts,
  chunks: readonly OpenChunk<P>[],
): Promise<void> {
  let groups = chunks.flatMap((open) => groupsOf(worker, open));
  while (groups.length > 0) {
    const halves = await mapParallel(groups, worker.concurrency, (group) =>
      runOrSplitGroup(worker, ports, group),
    );
    groups = halves.flat();
  }
}

function groupsOf<P>(worker: ChunkWorkerOptions<P>, open: OpenChunk<P>): Group<P>[] {
  const { items, context } = open;
  const size = Math.max(1, Math.floor(worker.maxItems?.(context.parameters) ?? items.length) || 1);
  const positioned = items.map((item, position) => ({ item, position }));
  return slices(positioned, size).map((slice) => ({ open, items: slice }));
}

function slices<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

/** Runs a group. Returns its two halves if the call failed as a whole, otherwise no group. */
async function runOrSplitGroup<P>(
  worker: ChunkWorkerOptions<P>,
  ports: RunItemsPorts,
  { open, items }: Group<P>,
): Promise<readonly Group<P>[]> {
  const { chunk, context, progress } = open;
  open.begin();
  const generation = context.signal.aborted ? undefined : await ports.activeGeneration(chunk);
  if (generation === undefined) {
    for (const { item, position } of items) open.settle(position, { kind: 'unfinished', item });
    return [];
  }
  const selectedItems = selectsByType(chunk.step)
    ? await mapParallel(items, PARALLEL_READS, (one) => selectItem(one, chunk.step, context))
    : items;
  const call = { chunk, generation, context, progress: progress.update };
  const attempts = selectedItems.map((selected) => new Attempt<P>(ports, call, selected));
  const results = await runTogether(worker, open, attempts);
  if (results === 'split')
    return slices(items, Math.ceil(items.length / 2)).map((half) => ({ open, items: half }));
  for (const [at, { position }] of attempts.entries()) {
    const result = results[at];
    if (result !== undefined) open.settle(position, result);
  }
  return [];
}

/** Returns the result of each attempt, in order. `split`: the call failed, possibly because of only some items. */
async function runTogether<P>(
  worker: ChunkWorkerOptions<P>,
  open: OpenChunk<P>,
  attempts: readonly Attempt<P>[],
): Promise<readonly ItemAttempt[] | 'split'> {
  const { chunk, context } = open;
  const validAttempts = attempts.filter(({ isValid }) => isValid);
  let answerOf: (attempt: Attempt<P>) => unknown = () => undefined;
  try {
    if (validAttempts.length > 0)
      answerOf = await answersOf(worker, validAttempts, contextOf(open, validAttempts));
  } catch (error) {
    const isForAll =
      classifyFailure(error).kind === 'retryable' &&
      validAttempts.every(({ number }) => number < chunk.maxAttempts);
    if (validAttempts.length > 1 && !isForAll && !context.signal.aborted) return 'split';
    answerOf = () => {
      throw error;
    };
  }
  return Promise.all(attempts.map((attempt) => attempt.settle(() => answerOf(attempt))));
}

async function answersOf<P>(
  worker: ChunkWorkerOptions<P>,
  attempts: readonly Attempt<P>[],
  context: ChunkContext<P>,
): Promise<(attempt: Attempt<P>) => unknown> {
  const answers = await worker.runChunk(
    attempts.map(({ item }) => item),
    context,
  );
  const isMatch = Array.isArray(answers) && answers.length === attempts.length;
  const byAttempt = new Map(attempts.map((attempt, at) => [attempt, isMatch ? answers[at] : undefined]));
  return (attempt) => {
    const answer = isMatch ? byAttempt.get(attempt) : wrongAnswer(answers, attempts.length);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

function wrongAnswer(answers: unknown, items: number): PermanentFailure {
  const got = Array.isArray(answers) ? `an array of ${answers.length}` : typeof answers;
  return new PermanentFailure(
    'invalid-output',
    `runChunk must return an array with an output or an Error for each of the ${items} items; it returned ${got}`,
  );
}

function contextOf<P>({ context, progress }: OpenChunk<P>, attempts: readonly Attempt<P>[]): ChunkContext<P> {
  const positions = attempts.map(({ position }) => position);
  return {
    ...context,
    of(item) {
      const attempt = attempts.find((one) => one.item === item);
      if (attempt === undefined)
        throw new Error(`item '${item.id}' is not one of the items that runChunk received`);
      return attempt.context;
    },
    progress: (fraction, note) => progress.update(positions, fraction, note),
  };
}

/** Calls a worker, for one item or for several items of a chunk together. */
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure } from '#core/errors.ts';
import {
  type Attempt,
  attemptOf,
  type ItemAttempt,
  type ItemTask,
  jobContextOf,
  type RunItemPorts,
} from './attempt.ts';
import type { ChunkContext, ChunkWorkerOptions, Worker, WorkerOptions } from './define-worker.ts';
import { type SelectedItem, selectItems } from './select-items.ts';

/** Items of one chunk that are passed to the worker in the same call. */
export interface WorkerCall extends Pick<ItemTask, 'chunk' | 'generation' | 'parameters' | 'signal'> {
  readonly items: readonly SelectedItem[];
  /** Reports progress of the items at these positions. */
  readonly progress: (positions: readonly number[], fraction: number, note?: string) => Promise<void>;
}

/** Returns the result of each item, in order. `split`: the call failed, possibly because of only some items. */
export async function callWorker<P>(
  worker: Worker<P>,
  ports: RunItemPorts,
  call: WorkerCall,
): Promise<readonly ItemAttempt[] | 'split'> {
  const { chunk, parameters, signal } = call;
  const items = await selectItems(
    call.items,
    chunk.step,
    jobContextOf<P>(ports, { chunk, parameters, signal }),
  );
  const attempts = items.map(({ position, ...selected }) => {
    const progress = (fraction: number, note?: string) => call.progress([position], fraction, note);
    return attemptOf<P>(ports, { ...call, ...selected, position, progress });
  });
  if (worker.runChunk !== undefined) return runTogether(worker, ports, { ...call, items, attempts });
  return Promise.all(attempts.map((attempt) => attempt.settle(() => run(worker, attempt))));
}

function run<P>(worker: WorkerOptions<P>, { item, context }: Attempt<P>): unknown {
  return worker.run(item, context);
}

interface GroupCall<P> extends WorkerCall {
  readonly attempts: readonly Attempt<P>[];
}

async function runTogether<P>(
  worker: ChunkWorkerOptions<P>,
  ports: RunItemPorts,
  call: GroupCall<P>,
): Promise<readonly ItemAttempt[] | 'split'> {
  const { attempts, items, chunk, signal } = call;
  // The worker does not receive broken items.
  const validAttempts = attempts.filter((_, at) => {
    const { item, itemFailure } = items[at] ?? {};
    return item?.problem === undefined && itemFailure === undefined;
  });
  let answerOf: (attempt: Attempt<P>) => unknown = () => undefined;
  try {
    if (validAttempts.length > 0)
      answerOf = await answersOf(worker, validAttempts, contextOf(ports, call, validAttempts));
  } catch (error) {
    const isForAll =
      classifyFailure(error).kind === 'retryable' &&
      validAttempts.every(({ context }) => context.attempt < chunk.maxAttempts);
    if (validAttempts.length > 1 && !isForAll && !signal.aborted) return 'split';
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
  return (attempt) => {
    const answer = isMatch ? answers[attempts.indexOf(attempt)] : wrongAnswer(answers, attempts.length);
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

function contextOf<P>(
  ports: RunItemPorts,
  call: GroupCall<P>,
  attempts: readonly Attempt<P>[],
): ChunkContext<P> {
  const positions = attempts.map(({ context }) => context.position);
  return {
    ...jobContextOf<P>(ports, call),
    of(item) {
      const attempt = attempts.find((one) => one.item === item);
      if (attempt === undefined)
        throw new Error(`item '${item.id}' is not one of the items that runChunk received`);
      return attempt.context;
    },
    progress: (fraction, note) => call.progress(positions, fraction, note),
  };
}

/** Workers whose items determine their own outcome. */
import { z } from 'zod';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type Item, type ItemOutcome, MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import { defineWorker, type Worker, type WorkerContext } from '../../functions/kit/define-worker.ts';
import { actOf, CODES, type FlowTask } from './flow-acts.ts';

const parametersSchema = z.strictObject({
  /** Numbers divisible by this fail. */
  failEvery: z.number().optional(),
  /** True if an item takes time, so that other instances run meanwhile. */
  takesTime: z.boolean().default(false),
  /** Text that makes the parameters too large for a message, so they are stored in the bucket. */
  ballast: z.string().optional(),
  /** Set for a step of a template. */
  flow: z.strictObject({ step: z.string(), letters: z.record(z.string(), z.string()) }).optional(),
});
export type WorkerParameters = z.infer<typeof parametersSchema>;

/** Effects that a simulated worker may have on its environment. */
export interface WorkerHooks {
  started(item: Item, context: WorkerContext<WorkerParameters>): void;
  /** Lets time pass and other instances run. */
  work(): Promise<void>;
  /** Ends the process. */
  crash(): void;
}

/**
 * Creates a worker that acts on the letter of each item: `s` succeeds. `b` succeeds with a large output. `k` is
 * skipped. `f` fails permanently. `r` fails once. `x` fails at each attempt. `e` throws a TypeError. `t` fails
 * permanently at its first attempt and succeeds in a retry of the job. `p` kills the process. The first worker of a
 * pipeline acts on lowercase letters, the second on uppercase letters.
 */
export function letterWorker(
  name: 'first' | 'second',
  hooks: WorkerHooks,
  /** Maximum number of items per call. 0 means that the worker handles items one by one. */
  itemsPerCall: number,
): Worker<WorkerParameters> {
  const options = { name, parameters: parametersSchema, concurrency: 2 };
  const run = async (item: Item, context: WorkerContext<WorkerParameters>) => {
    hooks.started(item, context);
    if (context.parameters.takesTime) {
      await hooks.work();
      await context.progress(0.5, item.id);
      context.signal.throwIfAborted();
    }
    const { flow } = context.parameters;
    if (flow !== undefined) return workInFlow(flow, item, context, hooks);
    const letter = letterOf(item.payload, context.parameters);
    const ownLetter = name === 'first' ? letter : letter.toLowerCase();
    if (name === 'second' && letter === ownLetter) return letter;
    await act(ownLetter, context, hooks);
    return ownLetter === 'b' ? LARGE : letter;
  };
  if (itemsPerCall === 0) return defineWorker<WorkerParameters>({ ...options, run });
  return defineWorker<WorkerParameters>({
    ...options,
    maxItems: () => itemsPerCall,
    async runChunk(items, context) {
      const settledRuns = await Promise.allSettled(items.map((item) => run(item, context.of(item))));
      const results = settledRuns.map((settledRun) =>
        settledRun.status === 'fulfilled' ? settledRun.value : settledRun.reason,
      );
      // A permanent failure fails the whole call. A retryable failure is returned for its item.
      const fatalError = results.find(
        (output) => output instanceof TypeError || output instanceof PermanentFailure,
      );
      if (fatalError !== undefined) throw fatalError;
      return results;
    },
  });
}

async function workInFlow(
  task: FlowTask,
  item: Item,
  context: WorkerContext<WorkerParameters>,
  hooks: WorkerHooks,
): Promise<unknown> {
  const { letter, answer: output } = actOf(task, item);
  await act(letter, context, hooks);
  const code = CODES[letter];
  if (code !== undefined) context.exitCode(code);
  return output;
}

const LARGE = 's'.repeat(MAX_INLINE_OUTPUT_BYTES + 1);

async function act(
  letter: string,
  context: WorkerContext<WorkerParameters>,
  hooks: WorkerHooks,
): Promise<void> {
  switch (letter) {
    case 'k':
      return context.skip();
    case 'f':
      throw new PermanentFailure('simulated', 'never succeeds');
    case 't':
      if (context.attempt === 1) throw new PermanentFailure('simulated', 'fails the first time');
      return;
    case 'r':
      if (context.attempt === 1) throw new RetryableFailure('simulated', 'fails once');
      return;
    case 'x':
      throw new RetryableFailure('simulated', 'fails each time');
    case 'e':
      throw new TypeError('simulated: a bug of the worker');
    case 'p':
      hooks.crash();
      await new Promise(() => undefined);
  }
}

/** Returns the letter of an item: a tree item is its letter, a list item has one, and a number uses the parameters. */
export function letterOf(payload: unknown, { failEvery }: Pick<WorkerParameters, 'failEvery'>): string {
  if (typeof payload === 'string') return payload;
  if (typeof payload === 'number') return failEvery !== undefined && payload % failEvery === 0 ? 'f' : 's';
  return (payload as { does?: string } | null)?.does ?? 's';
}

/** Returns the outcome of an item if no fault occurs. */
export function expectedOutcome(
  letter: string,
  plan: { maxAttempts: number; pipeline: readonly string[] },
  wasTried: boolean,
): ItemOutcome {
  const ownLetter = plan.pipeline.includes('second') ? letter.toLowerCase() : letter;
  switch (ownLetter) {
    case 'k':
      return 'skipped';
    case 'r':
      return wasTried || plan.maxAttempts > 1 ? 'succeeded' : 'failed';
    case 't':
      // Each position in a pipeline counts its own attempts, and the first worker may occur twice.
      return wasTried && !plan.pipeline.includes('first') ? 'succeeded' : 'failed';
    case 'f':
    case 'x':
    case 'e':
    case 'p':
      return 'failed';
    default:
      return 'succeeded';
  }
}

/** Workers whose items say what happens to them. */
import { z } from 'zod';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type Item, type ItemOutcome, MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import { defineWorker, type Worker, type WorkerContext } from '../../functions/kit/define-worker.ts';
import { actOf, CODES, type FlowTask } from './flow-acts.ts';

const parametersSchema = z.strictObject({
  /** Numbers that it divides fail. */
  failEvery: z.number().optional(),
  /** Whether an item takes time, so that others run meanwhile. */
  takesTime: z.boolean().default(false),
  /** So much that it lies in the bucket. */
  ballast: z.string().optional(),
  /** Of a step of a template. */
  flow: z.strictObject({ step: z.string(), letters: z.record(z.string(), z.string()) }).optional(),
});
export type WorkerParameters = z.infer<typeof parametersSchema>;

/** What a worker of the simulation may do to the world around it. */
export interface WorkerHooks {
  started(item: Item, context: WorkerContext<WorkerParameters>): void;
  /** Time passes, and others run. */
  work(): Promise<void>;
  /** The process ends here. */
  crash(): void;
}

/**
 * Letters: `s` succeeds, `b` too, with a large answer, `k` is skipped, `f` fails for good, `r` fails once, `x` fails
 * each time, `e` throws what no worker should, `t` fails for good at its first try and succeeds in a retry of the job,
 * `p` kills the process. The second worker of a pipeline minds capitals, the first small letters.
 */
export function letterWorker(
  name: 'first' | 'second',
  hooks: WorkerHooks,
  /** 0: it works item by item. */
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
    const minded = name === 'first' ? letter : letter.toLowerCase();
    if (name === 'second' && letter === minded) return letter;
    await act(minded, context, hooks);
    return minded === 'b' ? LARGE : letter;
  };
  if (itemsPerCall === 0) return defineWorker<WorkerParameters>({ ...options, run });
  return defineWorker<WorkerParameters>({
    ...options,
    maxItems: () => itemsPerCall,
    async runChunk(items, context) {
      const ran = await Promise.allSettled(items.map((item) => run(item, context.of(item))));
      const answers = ran.map((one) => (one.status === 'fulfilled' ? one.value : one.reason));
      // What cannot succeed spoils the call for the others; what may do so later is told of each.
      const spoilt = answers.find(
        (answer) => answer instanceof TypeError || answer instanceof PermanentFailure,
      );
      if (spoilt !== undefined) throw spoilt;
      return answers;
    },
  });
}

async function workInFlow(
  task: FlowTask,
  item: Item,
  context: WorkerContext<WorkerParameters>,
  hooks: WorkerHooks,
): Promise<unknown> {
  const { letter, answer } = actOf(task, item);
  await act(letter, context, hooks);
  const code = CODES[letter];
  if (code !== undefined) context.exitCode(code);
  return answer;
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
      throw new PermanentFailure('simulated', 'fails for good');
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

/** An item of a tree is its letter, one of a list has a letter, a number does by the parameters. */
export function letterOf(payload: unknown, { failEvery }: Pick<WorkerParameters, 'failEvery'>): string {
  if (typeof payload === 'string') return payload;
  if (typeof payload === 'number') return failEvery !== undefined && payload % failEvery === 0 ? 'f' : 's';
  return (payload as { does?: string } | null)?.does ?? 's';
}

/** What comes of an item where nothing else goes wrong. */
export function expectedOutcome(
  letter: string,
  plan: { maxAttempts: number; pipeline: readonly string[] },
  wasTried: boolean,
): ItemOutcome {
  const minded = plan.pipeline.includes('second') ? letter.toLowerCase() : letter;
  switch (minded) {
    case 'k':
      return 'skipped';
    case 'r':
      return wasTried || plan.maxAttempts > 1 ? 'succeeded' : 'failed';
    case 't':
      // Each place in a pipeline counts tries of its own, and the first worker may have a second place.
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

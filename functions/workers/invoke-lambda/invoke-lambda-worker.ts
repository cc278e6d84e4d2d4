import * as v from 'valibot';
import { type AllowedFunctions, allowedEntry, FUNCTIONS, notAllowedMessage } from '#contract/allow-lists.ts';
import { answersById } from '#core/answers-by-id.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { ExactNumber } from '#core/json/exact-number.ts';
import { checkBy } from '#core/schema.ts';
import { type ChunkContext, defineWorker, type JobContext, type WorkerContext } from '#kit/define-worker.ts';
import type { InvocationResult, InvokeFunction } from '../../aws/invoke-function.ts';
import { type InvokeLambdaParameters, invokeLambdaParameters } from './parameters.ts';

export interface InvokeLambdaPorts {
  readonly invoke: InvokeFunction;
  readonly allowedFunctions: () => AllowedFunctions;
}

const FUNCTION_FAILED = 'function-failed';

/** The worker `invoke-lambda`: invokes a function once per item or once per chunk. */
export function invokeLambdaWorker(ports: InvokeLambdaPorts) {
  return defineWorker<InvokeLambdaParameters>({
    name: 'invoke-lambda',
    parameters: invokeLambdaParameters,
    concurrency: 10,
    maxItems: ({ per }) => (per === 'item' ? 1 : Number.MAX_SAFE_INTEGER),
    async runChunk(items, context) {
      try {
        if (context.parameters.per === 'chunk') return await invokeForChunk(ports, items, context);
        return await Promise.all(items.map((item) => invokeForItem(ports, item, context.of(item))));
      } catch (error) {
        // If the function cannot be invoked, no single item is the cause.
        if (!(error instanceof PermanentFailure) || error.code === FUNCTION_FAILED) throw error;
        return items.map(() => error);
      }
    },
  });
}

type Parameters = InvokeLambdaParameters;

async function invokeForItem(
  ports: InvokeLambdaPorts,
  { id, payload, parts }: Item,
  context: WorkerContext<Parameters>,
): Promise<unknown> {
  const { attempt } = context;
  return (await answerOf(ports, { attempt, item: { id, payload, parts } }, context)) ?? undefined;
}

const chunkAnswers = v.array(
  v.object({
    id: v.union([v.string(), v.number(), v.instance(ExactNumber)]),
    output: v.optional(v.unknown()),
    error: v.nullish(v.partial(v.object({ errorType: v.string(), errorMessage: v.string() }))),
  }),
);

async function invokeForChunk(
  ports: InvokeLambdaPorts,
  items: readonly Item[],
  context: ChunkContext<Parameters>,
): Promise<unknown[]> {
  const { function: name } = context.parameters;
  const input = items.map((item) => {
    const { id, payload, parts } = item;
    return { id, payload, parts, attempt: context.of(item).attempt };
  });
  const answers = checkBy(chunkAnswers, await answerOf(ports, { items: input }, context));
  if (!answers.ok) {
    const failure = new PermanentFailure(
      'answer-unreadable',
      `function '${name}' must return [{id, output} or {id, error: {errorType, errorMessage}}, …] for a chunk; at ${answers.reason}`,
    );
    return items.map(() => failure);
  }
  return answersById(items, answers.value, ({ id }) => id).map((answer) => {
    if (answer === undefined) {
      return new RetryableFailure('answer-missing', `function '${name}' returned no entry for this item`);
    }
    if (!answer.error) return answer.output ?? undefined;
    const { errorType: type = 'Error', errorMessage: message = 'no reason given' } = answer.error;
    return failureOf(name, { type, message });
  });
}

/** Returns the function's result. Throws the failure of the function. */
async function answerOf(
  { invoke, allowedFunctions }: InvokeLambdaPorts,
  input: Readonly<Record<string, unknown>>,
  { parameters, partition, job, signal }: JobContext<Parameters>,
): Promise<unknown> {
  const { function: name, arguments: given } = parameters;
  const allowed = allowedFunctions();
  const entry = allowedEntry(allowed, name, partition);
  if (entry === undefined) {
    throw new PermanentFailure('function-forbidden', notAllowedMessage(FUNCTIONS, name, allowed, partition));
  }
  return answerIn(name, await invoke(entry.arn, { partition, job, ...input, arguments: given }, signal));
}

function answerIn(name: string, invoked: InvocationResult): unknown {
  switch (invoked.kind) {
    case 'returned':
      return invoked.value;
    case 'missing':
      throw new PermanentFailure('function-missing', `function '${name}' no longer exists`);
    case 'throttled':
      throw new RetryableFailure('throttled', `function '${name}' is throttled; increase its concurrency`, {
        retryAfterSeconds: invoked.retryAfterSeconds,
      });
    case 'failed':
      throw failureOf(name, invoked);
  }
}

function failureOf(name: string, { type, message }: { type: string; message: string }) {
  const text = `${name}: ${type}: ${message}`;
  // Like errors of a worker: retry unless the failure is declared permanent.
  if (type === 'PermanentFailure') return new PermanentFailure(FUNCTION_FAILED, text);
  return new RetryableFailure(FUNCTION_FAILED, text);
}

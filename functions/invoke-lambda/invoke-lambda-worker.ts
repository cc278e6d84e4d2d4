import { type AllowedFunctions, notAllowed } from '#contract/allow-lists.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { defineWorker } from '../../clients/worker/define-worker.ts';
import type { Invoked, InvokeFunction } from '../aws/invoke-function.ts';
import {
  type InvokeLambdaParameters,
  invokeLambdaDescription,
  invokeLambdaParameters,
} from './parameters.ts';

export interface InvokeLambdaPorts {
  readonly invoke: InvokeFunction;
  readonly allowedFunctions: () => AllowedFunctions;
}

/** The worker `invoke-lambda`: one invocation an item. */
export function invokeLambdaWorker({ invoke, allowedFunctions }: InvokeLambdaPorts) {
  return defineWorker<InvokeLambdaParameters>({
    name: 'invoke-lambda',
    description: invokeLambdaDescription,
    parameters: invokeLambdaParameters,
    concurrency: 10,
    async run({ id, payload, parts }, { parameters, partition, job, attempt, signal }) {
      const { function: name, arguments: given } = parameters;
      const allowed = allowedFunctions();
      const arn = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
      if (arn === undefined) {
        throw new PermanentFailure(
          'function-forbidden',
          notAllowed('function', name, allowed, 'invokableFunctions'),
        );
      }
      const event = { partition, job, attempt, item: { id, payload, parts }, arguments: given };
      return answerOf(name, await invoke(arn, event, signal));
    },
  });
}

function answerOf(name: string, invoked: Invoked): unknown {
  switch (invoked.kind) {
    case 'answered':
      return invoked.answer ?? undefined;
    case 'missing':
      throw new PermanentFailure('function-missing', `function '${name}' does not exist any more`);
    case 'throttled':
      throw new RetryableFailure('throttled', `function '${name}' is throttled; give it more concurrency`, {
        retryAfterSeconds: invoked.retryAfterSeconds,
      });
    case 'failed': {
      const message = `${name}: ${invoked.type}: ${invoked.message}`;
      // As in a worker: what is not said to be permanent may work later.
      if (invoked.type === 'PermanentFailure') throw new PermanentFailure('function-failed', message);
      throw new RetryableFailure('function-failed', message);
    }
  }
}

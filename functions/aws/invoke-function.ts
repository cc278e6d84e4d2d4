import type { LambdaClient, LambdaClientConfig, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { parseJson } from '#core/json/parse-json.ts';
import { codeOf } from './calls.ts';

/** Lambda's maximum run time. */
const MAX_RUN_MILLIS = 15 * 60 * 1000;

/** Result of one invocation. Errors that have no kind here are thrown. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** The function threw an error or crashed. `type` is the name of the error. */
  | { readonly kind: 'failed'; readonly type: string; readonly message: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'missing' };

/** Invokes a function by its ARN and waits for its response. */
export type InvokeFunction = (
  arn: string,
  payload: unknown,
  signal: AbortSignal,
) => Promise<InvocationResult>;

export function awsFunctions(config: LambdaClientConfig = {}): InvokeFunction {
  let client: LambdaClient | undefined;
  return async (arn, payload, signal) => {
    // Loaded for the first item, because the SDK takes longer to load than most functions run.
    const sdk = await import('@aws-sdk/client-lambda');
    client ??= new sdk.LambdaClient({
      // The worker kit retries the item, so the SDK must not.
      maxAttempts: 1,
      requestHandler: {
        requestTimeout: MAX_RUN_MILLIS,
        throwOnRequestTimeout: true,
        connectionTimeout: 2000,
      },
      ...config,
    });
    const command = new sdk.InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(payload) });
    try {
      const { FunctionError: failure, Payload: bytes } = await client.send(command, { abortSignal: signal });
      const value = jsonOrText(new TextDecoder().decode(bytes));
      return failure === undefined ? { kind: 'returned', value } : failedResult(value, failure);
    } catch (error) {
      if (codeOf(error) === 'ResourceNotFoundException') return { kind: 'missing' };
      if (codeOf(error) !== 'TooManyRequestsException') throw error;
      const { retryAfterSeconds } = error as TooManyRequestsException;
      return { kind: 'throttled', retryAfterSeconds: Number(retryAfterSeconds ?? 0) || 0 };
    }
  };
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Lambda runtimes return JSON, but a function in a container image may return any text.
    return text;
  }
}

function failedResult(value: unknown, failure: string): InvocationResult {
  const { errorType, errorMessage } = (typeof value === 'object' && value !== null ? value : {}) as {
    errorType?: unknown;
    errorMessage?: unknown;
  };
  return {
    kind: 'failed',
    type: typeof errorType === 'string' ? errorType : failure,
    message: typeof errorMessage === 'string' ? errorMessage : 'no reason given',
  };
}

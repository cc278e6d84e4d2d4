import type { Environment } from './credentials.ts';

interface LambdaGlobals {
  /** Exists where one process runs several invocations at once; the variable would belong to any of them. */
  readonly awslambda?: { readonly InvokeStore?: { getXRayTraceId?(): string | undefined } };
}

/**
 * Returns the header by which Lambda follows a chain of invocations. Without it, Lambda cannot stop a function that
 * invokes itself in a loop.
 */
export function traceHeader(environment: Environment): Readonly<Record<string, string>> {
  if (!environment['AWS_LAMBDA_FUNCTION_NAME']) return {};
  const { awslambda } = globalThis as LambdaGlobals;
  const trace = awslambda?.InvokeStore?.getXRayTraceId?.() ?? environment['_X_AMZN_TRACE_ID'];
  // A header cannot contain other characters.
  return trace ? { 'X-Amzn-Trace-Id': encodeURI(trace) } : {};
}

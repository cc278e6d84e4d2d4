import type { Context, SQSEvent } from 'aws-lambda';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { sourceCaches } from '../sources/source-caches.ts';
import { readStatus } from '../store/jobs.ts';
import type { Worker } from './define-worker.ts';
import { runInvocation } from './run-invocation.ts';

/** An SQS event of Lambda. Declared here, so that users do not need the package of Lambda types. */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The part of Lambda's context that the handler reads. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Ids of the messages that are redelivered. */
export interface QueueResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type QueueHandler = (event: QueueEvent, context: InvocationContext) => Promise<QueueResponse>;

/**
 * Returns the Lambda handler of a worker. It connects at the first invocation, not when the module is loaded, because CDK
 * apps also load the module for the schema of its parameters.
 */
export function lambdaHandler<P>(worker: Worker<P>): QueueHandler {
  let handler: ReturnType<typeof connectedHandler> | undefined;
  return (event, context) => {
    handler ??= connectedHandler(worker);
    return handler(event as SQSEvent, context as Context);
  };
}

function connectedHandler<P>(worker: Worker<P>) {
  const ports = connect(worker.name);
  const run = runInvocation(worker, {
    ...ports,
    caches: sourceCaches(),
    readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  });
  return queueHandler(run, ports);
}

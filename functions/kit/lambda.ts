import type { Context, SQSEvent } from 'aws-lambda';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { sourceCaches } from '../sources/source-caches.ts';
import { readStatus } from '../store/jobs.ts';
import type { Worker } from './define-worker.ts';
import { runChunks } from './run-invocation.ts';

/** The event that Lambda reads from an SQS queue. The package declares its own type, so that users need no other. */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The part of Lambda's context that the handler reads. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Names the messages that Lambda delivers again. */
export interface QueueResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type QueueHandler = (event: QueueEvent, context: InvocationContext) => Promise<QueueResponse>;

/**
 * The Lambda handler of a worker, behind the queue that the stack gave it. It connects when it is first invoked, not
 * when its module is loaded: a CDK app loads the module too, for the schema of the parameters.
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
  const run = runChunks(worker, {
    ...ports,
    caches: sourceCaches(),
    readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  });
  return queueHandler(run, ports);
}

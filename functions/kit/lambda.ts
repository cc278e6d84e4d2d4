import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { readStatus } from '../store/jobs.ts';
import type { Worker } from './define-worker.ts';
import { runChunks } from './run-chunks.ts';

/**
 * The Lambda handler of a worker, behind the queue that the stack gave it. It connects when it is first invoked, not
 * when its module is loaded: a CDK app loads the module too, for the schema of the parameters.
 */
export function lambdaHandler<P>(worker: Worker<P>) {
  let handler: ((event: SQSEvent, context: Context) => Promise<SQSBatchResponse>) | undefined;
  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    handler ??= connected(worker);
    return handler(event, context);
  };
}

function connected<P>(worker: Worker<P>) {
  const ports = connect(worker.name);
  const run = runChunks(worker, {
    ...ports,
    readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  });
  return queueHandler(run, ports);
}

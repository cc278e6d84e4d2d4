import { connect } from '../../functions/aws/connect.ts';
import { queueHandler } from '../../functions/aws/queue-handler.ts';
import { readStatus } from '../../functions/store/jobs.ts';
import type { Worker } from './define-worker.ts';
import { runChunks } from './run-chunks.ts';

/** The Lambda handler of a worker, behind the queue that the stack gave it. */
export function lambdaHandler<P>(worker: Worker<P>) {
  const ports = connect(worker.name);
  const run = runChunks(worker, {
    ...ports,
    readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  });
  return queueHandler(run, ports);
}

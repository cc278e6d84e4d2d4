import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { TRACKING_BATCH_SIZE } from '#contract/batch-sizes.ts';
import { LEASE_FILES, receiveFrom } from './event-sources.ts';
import { allowList } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import { type JobResources, STATUS_CACHE_MILLIS } from './job-resources.ts';
import { allowReceive, allowSend } from './queue-with-dlq.ts';

export const TRACKING_TIMEOUT = Duration.minutes(1);

export interface ResultTrackingProps {
  readonly resources: JobResources;
}

/**
 * Reports queue and results queue → track-results → pages and jobs in the table. Chunks of a pipeline
 * continue to their next worker.
 */
export class ResultTracking extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources }: ResultTrackingProps) {
    super(scope, id);
    const { table, bucket, queues, templates, maxItems, maxConcurrency } = resources;
    const workerQueues = [...queues.workers.values()].map(({ queue }) => queue);
    this.function = new JobFunction(this, 'TrackResults', {
      name: 'track-results',
      description: 'records the reports of workers, and completes jobs',
      entry: { own: 'track-results' },
      processes: LEASE_FILES,
      timeout: TRACKING_TIMEOUT,
      memorySizeMebibytes: 1024,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        splitQueue: queues.split.queue.queueUrl,
        workerQueues: queues.workerQueues(),
        resultsQueue: queues.results.queue.queueUrl,
        machines: templates.address,
        unroutableQueue: queues.unroutable.queue.queueUrl,
        maxItems: String(maxItems),
        statusCacheMillis: STATUS_CACHE_MILLIS,
      },
      statements: [
        allowReceive(queues.reports.queue, queues.results.queue),
        allowSend(queues.unroutable.queue, queues.split.queue, queues.results.queue, ...workerQueues),
        table.allow('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        bucket.allow(['DeleteObject', 'GetObject', 'PutObject'], ['held']),
        bucket.allow(['GetObject'], ['chunks', 'outcomes']),
        bucket.allow(['PutObject'], ['outcomes']),
        allowList(bucket.bucket),
        templates.allowAnswer(),
      ],
    });
    for (const { queue } of [queues.reports, queues.results]) {
      receiveFrom(this.function, queue, { batchSize: TRACKING_BATCH_SIZE, maxConcurrency });
    }
  }
}

import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEAD_LETTER_CONCURRENCY } from './concurrency.ts';
import { LEASE_FILES, receiveFrom } from './event-sources.ts';
import { allowList } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';
import { allowReceive, allowSend } from './queue-with-dlq.ts';

export const DEAD_LETTER_TIMEOUT = Duration.minutes(1);

export interface DeadLettersProps {
  readonly resources: JobResources;
}

/** Dead letters of all queues → read-dead-letters, which sends each again or reports it as failed. */
export class DeadLetters extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources }: DeadLettersProps) {
    super(scope, id);
    const { table, bucket, queues } = resources;
    const deadLetters = queues.all.map((queue) => queue.deadLetters);
    this.function = new JobFunction(this, 'ReadDeadLetters', {
      name: 'read-dead-letters',
      description: 'reads dead letters, and sends each again or reports it as failed',
      entry: { own: 'read-dead-letters' },
      processes: LEASE_FILES,
      timeout: DEAD_LETTER_TIMEOUT,
      memorySizeMebibytes: 512,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        splitQueue: queues.split.queue.queueUrl,
        resultsQueue: queues.results.queue.queueUrl,
        reportsQueue: queues.reports.queue.queueUrl,
        splitDeadLetters: queues.split.deadLetters.queueName,
        resultsDeadLetters: queues.results.deadLetters.queueName,
        reportsDeadLetters: queues.reports.deadLetters.queueName,
        workerQueues: queues.workerQueues(),
        unroutableQueue: queues.unroutable.queue.queueUrl,
      },
      statements: [
        allowReceive(...deadLetters),
        allowSend(queues.unroutable.queue, ...queues.all.map(({ queue }) => queue)),
        table.allow('GetItem', 'PutItem', 'UpdateItem'),
        bucket.allow(['GetObject'], ['chunks', 'marks', 'outcomes']),
        bucket.allow(['PutObject'], ['chunks']),
        bucket.allowSpilledOutcomes(),
        allowList(bucket.bucket),
      ],
    });
    for (const queue of deadLetters) {
      receiveFrom(this.function, queue, { batchSize: 10, maxConcurrency: DEAD_LETTER_CONCURRENCY });
    }
  }
}

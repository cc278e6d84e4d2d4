import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IEventSourceDlq,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OBJECT_AREAS } from '../functions/store/object-keys.ts';
import { allowList } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';
import { allowSend } from './queue-with-dlq.ts';

const DISPATCH_TIMEOUT = Duration.minutes(5);

export interface JobDispatchProps {
  readonly resources: JobResources;
}

/** Table's stream → dispatch-jobs → split queue: processes the follow-ups of changed jobs. */
export class JobDispatch extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources }: JobDispatchProps) {
    super(scope, id);
    const { table, bucket, queues, templates } = resources;
    const workerQueues = [...queues.workers.values()].map(({ queue }) => queue);
    this.function = new JobFunction(this, 'DispatchJobs', {
      name: 'dispatch-jobs',
      description: 'starts, continues, ends and removes jobs when their rows change; runs bulk actions',
      entry: { own: 'dispatch-jobs' },
      timeout: DISPATCH_TIMEOUT,
      memorySizeMebibytes: 512,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        splitQueue: queues.split.queue.queueUrl,
        resultsQueue: queues.results.queue.queueUrl,
        machines: templates.address,
        workerQueues: queues.workerQueues(),
      },
      statements: [
        ...table.allowReadStream(),
        allowSend(queues.split.queue, queues.results.queue, queues.undispatched.queue, ...workerQueues),
        table.allow('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        bucket.allow(['DeleteObject', 'GetObject'], OBJECT_AREAS),
        allowList(bucket.bucket),
        templates.allowStart(),
        templates.allowStop(),
      ],
    });
    this.#followTable(resources);
  }

  #followTable({ table, queues }: JobResources): void {
    const undispatched: IEventSourceDlq = {
      bind: () => ({ destination: queues.undispatched.queue.queueArn }),
    };
    new EventSourceMapping(this, 'TableStream', {
      target: this.function,
      eventSourceArn: table.table.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      // A stream filter matches leaf values only, so it names the attribute's type `S`.
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { followUp: { S: FilterRule.exists() } } } })],
      batchSize: 100,
      // The function fails as a whole, because emulators ignore a partial response to a stream and lose the
      // records.
      bisectBatchOnError: true,
      // A change that always fails must not block its shard: about ten tries, within an hour.
      retryAttempts: 10,
      maxRecordAge: Duration.hours(1),
      onFailure: undispatched,
    });
  }
}

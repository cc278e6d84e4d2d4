import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

export interface ReceiveOptions {
  /** Above 10, Lambda waits up to a second for a batch to fill. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** Above it Lambda asks for a window. */
const MAX_BATCH_WITHOUT_WINDOW = 10;

/**
 * Lets the function receive from the queue; it answers which messages of a batch failed. Its role must allow to
 * receive: the helpers of the CDK would add a policy of their own.
 */
export function receiveFrom(
  target: LambdaFunction,
  queue: Queue,
  { batchSize, maxConcurrency }: ReceiveOptions,
): EventSourceMapping {
  return new EventSourceMapping(queue, 'Source', {
    target,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxBatchingWindow: Duration.seconds(batchSize > MAX_BATCH_WITHOUT_WINDOW ? 1 : 0),
    maxConcurrency,
    reportBatchItemFailures: true,
  });
}

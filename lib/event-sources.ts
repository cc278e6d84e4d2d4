import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { BundleProps } from './bundle.ts';

/** Files next to the bundle of a function that receives from a queue: it renews the lease of its messages. */
export const LEASE_FILES: NonNullable<BundleProps['processes']> = {
  'lease-thread.mjs': { own: 'lease-thread' },
};

export interface ReceiveOptions {
  /** Above 10, Lambda waits up to a second to fill a batch. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** Larger batches require a batching window. */
const MAX_BATCH_WITHOUT_WINDOW = 10;

/**
 * Lets the function receive from the queue; its response lists the messages of a batch that failed. The
 * caller must grant the receive permission, because the CDK helpers would add a separate policy.
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

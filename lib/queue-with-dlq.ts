import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { omitUndefined } from '#core/omit-undefined.ts';
import { alarmWhileMessagesWait } from './alarms.ts';

// SQS's maximum. A message keeps its age when it moves to the dead-letter queue.
const RETENTION = Duration.days(14);

/**
 * When Lambda is throttled, some of these receives never reach the function. A lower limit would move good
 * messages to the dead letters.
 */
const MAX_RECEIVES = 5;

export interface QueueWithDlqProps {
  /** Timeout of the function that receives from the queue. */
  readonly consumerTimeout: Duration;
  /** Timeout of the function that reads the dead letters. */
  readonly deadLetterTimeout: Duration;
}

/** A queue with a dead-letter queue for messages that fail too often. A function reads the dead letters. */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { consumerTimeout, deadLetterTimeout }: QueueWithDlqProps) {
    super(scope, id);
    this.deadLetters = safeQueue(this, 'DeadLetters', sixTimes(deadLetterTimeout));
    this.queue = safeQueue(this, 'Queue', sixTimes(consumerTimeout), {
      queue: this.deadLetters,
      maxReceiveCount: MAX_RECEIVES,
    });
    alarmWhileMessagesWait(this.deadLetters, {
      description: 'Dead letters have not been read for 15 minutes. See the log of read-dead-letters.',
      minutes: 15,
    });
  }
}

/** A queue that only operators read. Any message in it raises an alarm. */
export class QueueForOperators extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { alarm }: { readonly alarm: string }) {
    super(scope, id);
    this.queue = safeQueue(this, 'Queue', Duration.minutes(5));
    alarmWhileMessagesWait(this.queue, { description: alarm, minutes: 1 });
  }
}

export function allowSend(...queues: IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:SendMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** Permission to read the depths of the queues. */
export function allowDepths(...queues: IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:GetQueueAttributes'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** One statement, because the size of a role's policies is limited. */
export function allowDepthsAndSend(...queues: IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** Permissions that an event source needs to receive from the queues. */
export function allowReceive(...queues: IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/**
 * AWS recommends six times the function timeout, so that a throttled message is not redelivered while it is
 * being processed.
 */
function sixTimes(timeout: Duration): Duration {
  return Duration.seconds(6 * timeout.toSeconds());
}

function safeQueue(
  scope: Construct,
  id: string,
  visibilityTimeout: Duration,
  deadLetterQueue?: { queue: Queue; maxReceiveCount: number },
): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    visibilityTimeout,
    ...omitUndefined({ deadLetterQueue }),
  });
}

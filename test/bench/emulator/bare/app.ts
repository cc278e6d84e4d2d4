/** The reference for the measured service: a queue and a function that does nothing. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const stack = new Stack(new App({ treeMetadata: false }), 'jobtree-bare');
const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.minutes(5) });
const nothing = new LambdaFunction(stack, 'Nothing', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
});
nothing.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });

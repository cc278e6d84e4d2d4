import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { localClient } from '../../localstack/local-aws.ts';

/** Sends a message to the queue of the splitters on the emulator. */
export async function sendToSplit(MessageBody: string): Promise<void> {
  const sqs = new SQSClient(localClient(inject('endpoint')));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => /QueuesSplitQueue/.test(url));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  sqs.destroy();
}

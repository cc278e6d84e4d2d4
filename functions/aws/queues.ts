import { omitUndefined } from '#core/omit-undefined.ts';
import { MAX_SEND_BYTES, type OutgoingMessage, type QueueName, type Queues } from '#core/ports.ts';
import { bodyBytes } from '#core/units.ts';
import { messageGroup } from '../store/message-group.ts';
import type { SqsCall } from './calls.ts';

/** URLs of the queues. A function only has those that it may send to. */
export interface QueueUrls {
  readonly split?: string;
  readonly results?: string;
  readonly reports?: string;
  readonly unroutable?: string;
  /** By worker name. */
  readonly workers?: Readonly<Record<string, string>>;
}

export function sqsQueues(sqs: SqsCall, urls: QueueUrls): Queues {
  return {
    has: (queue) => urlOf(queue, urls) !== undefined,

    async send(queue, messages) {
      const url = urlOf(queue, urls);
      if (url === undefined)
        throw new Error(`queue '${queue}' is unknown to this function; the stack must pass its URL`);
      const bytes = bodyBytes(messages);
      if (bytes > MAX_SEND_BYTES)
        throw new Error(`a send of ${bytes} bytes is too large; at most ${MAX_SEND_BYTES}`);
      if (messages.length === 0) return { failed: [] };
      const input = { QueueUrl: url, Entries: messages.map(entry) };
      const { Failed = [] } = await sqs('SendMessageBatch', input);
      return { failed: Failed.map(({ Id }) => Number(Id)).sort((a, b) => a - b) };
    },
  };
}

function urlOf(queue: QueueName, { workers = {}, ...urls }: QueueUrls): string | undefined {
  if (queue === 'split' || queue === 'results' || queue === 'reports' || queue === 'unroutable')
    return urls[queue];
  const worker = queue.slice('worker:'.length);
  return Object.hasOwn(workers, worker) ? workers[worker] : undefined;
}

function entry({ body, group, delaySeconds }: OutgoingMessage, position: number) {
  return {
    Id: String(position),
    MessageBody: withoutNoncharacters(body),
    MessageGroupId: messageGroup(group),
    ...omitUndefined({ DelaySeconds: delaySeconds }),
  };
}

/**
 * SQS refuses U+FFFE and U+FFFF, which JSON may contain literally. Every body is JSON, so they can be
 * escaped.
 */
function withoutNoncharacters(body: string): string {
  return body.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

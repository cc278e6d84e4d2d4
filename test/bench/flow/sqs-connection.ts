/**
 * A connection of one of Lambda's pollers. Pollers are not part of the functions, so their requests are as small as
 * possible: a socket, one request at a time, and no HTTP client.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

export interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_BATCH = 10;
const WAIT_SECONDS = 1;
const NONE: ReadonlySet<string> = new Set();

export class SqsConnection {
  readonly #socket: Socket;
  readonly #host: string;

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    this.#socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
  }

  async createQueue(name: string): Promise<void> {
    await this.#send('CreateQueue', { QueueName: name });
  }

  async receive(queue: string): Promise<readonly Message[]> {
    const input = { QueueUrl: queue, MaxNumberOfMessages: MAX_BATCH, WaitTimeSeconds: WAIT_SECONDS };
    const { Messages = [] } = (await this.#send('ReceiveMessage', input)) as { Messages?: Message[] };
    return Messages;
  }

  /** Deletes the messages that did not fail. The others stay in the queue. */
  async remove(queue: string, messages: readonly Message[], failed = NONE): Promise<void> {
    const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
    for (let at = 0; at < done.length; at += MAX_BATCH) {
      const Entries = done
        .slice(at, at + MAX_BATCH)
        .map(({ ReceiptHandle }, position) => ({ Id: String(position), ReceiptHandle }));
      await this.#send('DeleteMessageBatch', { QueueUrl: queue, Entries });
    }
  }

  async #send(operation: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    const head = [
      'POST / HTTP/1.1',
      `host: ${this.#host}`,
      'content-type: application/x-amz-json-1.0',
      `x-amz-target: AmazonSQS.${operation}`,
      'authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    this.#socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    const { status, text } = await this.#response();
    if (status !== 200) throw new Error(`${operation}: ${status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  async #response(): Promise<{ status: number; text: string }> {
    let received: Buffer = Buffer.alloc(0);
    for (;;) {
      const [data] = (await once(this.#socket, 'data')) as [Buffer];
      received = received.length === 0 ? data : Buffer.concat([received, data]);
      const headEnd = received.indexOf(HEAD_END);
      if (headEnd < 0) continue;
      const head = received.toString('latin1', 0, headEnd);
      const [, length] = /^content-length: *(\d+)/im.exec(head) ?? [];
      if (length === undefined) throw new Error(`the response of SQS has no length: ${head}`);
      const begin = headEnd + HEAD_END.length;
      if (received.length < begin + Number(length)) continue;
      return { status: Number(head.slice(9, 12)), text: received.toString('utf8', begin) };
    }
  }
}

/** A thread that responds like SQS and reports each request, also while the main thread is busy. */
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';

export interface ReceivedRequest {
  readonly at: number;
  readonly operation: string;
  readonly queueUrl: string;
  readonly entries: readonly { readonly receipt: string; readonly seconds: number }[];
}

createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString());
  const entries = body.Entries.map(
    (entry: { ReceiptHandle: string; VisibilityTimeout: number }): ReceivedRequest['entries'][number] => ({
      receipt: entry.ReceiptHandle,
      seconds: entry.VisibilityTimeout,
    }),
  );
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const received: ReceivedRequest = { at: Date.now(), operation, queueUrl: body.QueueUrl, entries };
  parentPort?.postMessage(received);
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify({ Successful: [], Failed: [] }));
}).listen(0, '127.0.0.1', function (this: { address(): unknown }) {
  parentPort?.postMessage({ address: this.address() });
});

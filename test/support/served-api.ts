/** Serves the API handlers over HTTP: thousands of requests in seconds, without an emulator. */
import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { LOOPBACK } from '../../localstack/emulator/port.ts';
import { type apiWorld, eventOf } from '../functions/jobs-api/api-world.ts';

/** A cursor of 4,096 characters is nine times as long once it is percent-encoded. */
const MAX_HEADER_BYTES = 256 * 1024;

export type Send = ReturnType<typeof apiWorld>['sendUnchecked'];

/** Handles requests that are not for the API, such as downloads. Returns false for all others. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface ServedApi {
  readonly url: string;
  stop(): Promise<void>;
}

export async function serveApi(send: Send, intercept: Intercept = async () => false): Promise<ServedApi> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await intercept(request, response))) await answer(request, response, send);
  }
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function answer(request: IncomingMessage, response: ServerResponse, send: Send): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  const bytes = await bytesOf(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const event = eventOf(method, path, {
    token: null,
    headers,
    query,
    ...(bytes.length === 0 ? {} : { body: bytes.toString() }),
  });
  const isText = isUtf8(bytes);
  const sent = isText ? event : { ...event, body: bytes.toString('base64'), isBase64Encoded: true };
  const { status, headers: shown, text } = await send(sent);
  response.writeHead(status, shown).end(text);
}

/** Serves the API, and a bucket, over HTTP from this process, and runs the jobs that are created. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { LOOPBACK } from '../../localstack/emulator/port.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { aService, URL_OF_API } from './client/a-service.ts';

const RUN_INTERVAL_MILLIS = 20;
const API_PREFIX = '/v1/';

export interface Served {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

export async function serveService(): Promise<Served> {
  const server = createServer();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://${LOOPBACK}:${address.port}`;
  const service = aService({ bucket: `${origin}/bucket` });
  server.on('request', (request, response) => {
    void answer(request, response, origin, service.fetch).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => service.drain());
  }, RUN_INTERVAL_MILLIS);
  return {
    url: `${origin}${API_PREFIX.slice(0, -1)}`,
    token: token({ partitions: ['*'], role: 'admin' }),
    stop: async () => {
      clearInterval(timer);
      await running;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  serve: typeof fetch,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (!['connection', 'host'].includes(name)) headers.set(name, String(value));
  const target = url.startsWith(API_PREFIX) ? `${URL_OF_API}/${url.slice(API_PREFIX.length)}` : origin + url;
  const served = await serve(target, { method, headers, ...(body.length > 0 ? { body } : {}) });
  response.writeHead(served.status, Object.fromEntries(served.headers));
  response.end(Buffer.from(await served.arrayBuffer()));
}

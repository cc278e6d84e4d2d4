/** Serves the built console, the docs, the API over memory ports and its objects on one origin, as a deployment does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseObjectKey } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { servePages } from '../../../functions/serve-pages/serve-pages.ts';
import { pageFiles } from '../../../lib/pages/pages.ts';
import type { Registry } from '../../../lib/registry.ts';
import { apiWorld, eventOf } from '../../functions/jobs-api/api-world.ts';
import { token } from '../../functions/jobs-api/tokens.ts';
import { MemoryMonitor } from '../memory/monitor.ts';
import { MemoryQueueDesk } from '../memory/queue-desk.ts';
import { type MemoryServiceOptions, memoryService } from '../memory-service.ts';
import { EXAMPLE_REGISTRY, EXAMPLE_WORKERS } from './example-worker.ts';

const LOOPBACK = '127.0.0.1';
/** The stage. On AWS, the API is not at the root either. */
const BASE = '/v1';

export interface ConsoleServerOptions {
  /** @default rehearse and convert of `example-worker.ts` */
  readonly workers?: MemoryServiceOptions['workers'];
  readonly registry?: Registry;
  /** False for a console as on AWS. @default true */
  readonly isLocal?: boolean;
  /** Issuer to sign in with, and its client. @default none */
  readonly signIn?: { readonly issuer: string; readonly clientId: string; readonly scope: string };
}

export type ConsoleServer = Awaited<ReturnType<typeof serveConsole>>;

export async function serveConsole(options: ConsoleServerOptions = {}) {
  const { workers = EXAMPLE_WORKERS, registry = EXAMPLE_REGISTRY, signIn, isLocal = true } = options;
  const service = memoryService({ workers });
  const { clock } = service;
  clock.advanceTo(Date.now());
  const server = createServer((request, response) => {
    // The clock of the page is the real one.
    clock.advanceTo(Date.now());
    const record = { method: request.method ?? '', path: request.url ?? '', status: 0 };
    requests.push(record);
    response.on('finish', () => {
      record.status = response.statusCode;
    });
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://${LOOPBACK}:${address.port}`;
  const { table, objects, queues, machines, random, log } = service;
  const presigner = {
    put: async (key: string) => `${origin}/objects/${key}`,
    get: async (key: string, filename: string) =>
      `${origin}/objects/${key}?filename=${encodeURIComponent(filename)}`,
  };
  const queueDesk = new MemoryQueueDesk(queues);
  const monitor = new MemoryMonitor();
  const ports = { table, objects, queues, machines, clock, random, log, presigner, queueDesk, monitor };
  const api = apiWorld({ ...ports, registry });
  const pages = servePages({
    files: (path) => {
      const content = pageFiles().get(path);
      return content && new TextDecoder().decode(content);
    },
    origins: { bucket: origin, signIn: signIn === undefined ? [] : [new URL(signIn.issuer).origin] },
    config: { local: isLocal, version: '1.2.3', ...omitUndefined({ signIn }) },
  });
  const requests: { method: string; path: string; status: number }[] = [];
  let pump: NodeJS.Timeout | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', origin);
    const body = await bodyOf(request);
    if (pathname.startsWith('/objects/'))
      return answerObject(pathname.slice('/objects/'.length), request, response, body);
    if (!pathname.startsWith(`${BASE}/`)) return void response.writeHead(404).end();
    const path = pathname.slice(BASE.length);
    const area = /^\/(console|docs)(?:\/(.*))?$/.exec(path);
    if (area !== null) {
      const {
        statusCode,
        headers,
        body: page,
      } = pages({
        path,
        resource: area[2] ? `/${area[1]}/{file+}` : `/${area[1]}`,
        httpMethod: request.method ?? 'GET',
        headers: flatHeaders(request),
        pathParameters: area[2] ? { file: area[2] } : null,
      });
      response.writeHead(statusCode, headers as Record<string, string>).end(page);
      return;
    }
    const event = eventOf(request.method ?? 'GET', path, {
      token: null,
      headers: flatHeaders(request),
      query: search.slice(1),
      ...(body.length === 0 ? {} : { body: body.toString() }),
    });
    const { status, headers, text } = await api.send(event);
    response.writeHead(status, headers).end(text);
  }

  async function answerObject(key: string, request: IncomingMessage, response: ServerResponse, body: Buffer) {
    const decoded = decodeURIComponent(key);
    if (request.method === 'PUT') {
      await objects.put(decoded, body);
      response.writeHead(200).end();
      return;
    }
    const bytes = await objects.get({ key: parseObjectKey(decoded) });
    if (bytes === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
  }

  return {
    ...service,
    api,
    requests,
    queueDesk,
    monitor,
    url: `${origin}${BASE}`,
    token,
    /** Address of a page, signed in by a token with these claims. */
    page(path: string, claims: object = {}): string {
      return `${origin}${BASE}/console${path}#token=${token(claims)}`;
    },
    /** Runs the service in the background, as a deployment does. */
    run(): void {
      pump = setInterval(() => {
        clock.advanceTo(Date.now());
        void service.step();
      }, 50);
    },
    stop: async () => {
      clearInterval(pump);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer {
  readonly url: string;
  /** Every request so far, its body included. */
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

/** A real server on this machine that responds with `answer`. */
export async function webServer(
  respond: (request: { method: string; path: string; body: string }, response: ServerResponse) => void,
): Promise<WebServer> {
  const requests: WebServer['requests'] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = '', url: path = '', headers } = request;
    const body = Buffer.concat(pieces).toString();
    requests.push({ method, path, headers, body });
    respond({ method, path, body }, response);
  });
  return { url: await listening(server), requests, close: () => closeServer(server) };
}

export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

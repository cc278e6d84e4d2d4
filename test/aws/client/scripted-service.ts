import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type WebServer, webServer } from '../../support/web-server.ts';

export interface ScriptedResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends only this many bytes of the body, then closes the connection. */
  readonly cutAfter?: number;
  /** Never responds. */
  readonly isSilent?: boolean;
}

/** A real server that gives each response once, and the last one repeatedly. */
export async function scriptedService(
  ...responses: readonly [ScriptedResponse, ...ScriptedResponse[]]
): Promise<WebServer> {
  let count = 0;
  const server = await webServer((_request, response) => {
    respond(responses[Math.min(count, responses.length - 1)] ?? responses[0], response);
    count += 1;
  });
  onTestFinished(() => server.close());
  return server;
}

function respond(
  { status = 200, headers = {}, body = '{}', cutAfter, isSilent = false }: ScriptedResponse,
  response: ServerResponse,
): void {
  if (isSilent) return;
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  if (cutAfter === undefined) {
    response.end(body);
    return;
  }
  response.write(body.slice(0, cutAfter), () => response.destroy());
}

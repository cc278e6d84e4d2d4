/** One HTTP exchange over a connection that is kept open. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { HttpAgent, HttpsAgent, httpRequest, httpsRequest } from '../node-http.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly endpoint: URL;
  /** Path as it is sent, without a query. The URL parser would remove empty and dotted segments of object keys. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Limits {
  readonly connectMillis: number;
  /** Limit for the time without any byte, also within the response. */
  readonly idleMillis: number;
}

export type Exchange = (request: HttpRequest, limits: Limits) => Promise<HttpResponse>;

/** Has the name by which the SDK's rules recognize a timeout. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

const KEEP_ALIVE = { keepAlive: true, maxSockets: 128 };
const httpAgent = new HttpAgent(KEEP_ALIVE);
const httpsAgent = new HttpsAgent(KEEP_ALIVE);

/** Rejects if the response is cut off. */
export const exchange: Exchange = ({ method, endpoint, path, headers, body }, limits) =>
  new Promise((resolve, reject) => {
    const { hostname, port, protocol, host } = endpoint;
    const options = {
      method,
      // Node expects an IPv6 address without brackets.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers: { ...headers, 'content-length': body.byteLength },
    };
    const sent =
      protocol === 'https:'
        ? httpsRequest({ ...options, agent: httpsAgent })
        : httpRequest({ ...options, agent: httpAgent });
    const stop = (what: string) => sent.destroy(new TimeoutError(`${host} ${what}`));
    sent.setTimeout(limits.idleMillis, () => stop(`sent nothing for ${limits.idleMillis} ms`));
    sent.on('socket', (socket) => limitConnecting(socket, limits.connectMillis, stop));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.end(body);
  });

function limitConnecting(socket: Socket, millis: number, stop: (what: string) => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => stop(`accepted no connection within ${millis} ms`), millis);
  const connected = () => clearTimeout(timer);
  socket.once('connect', connected).once('close', connected);
}

/**
 * Requests to the web, guarded against access to the stack's own network. URLs come from users. The guard
 * checks addresses inside the DNS lookup of the socket itself, so a second DNS response cannot differ from
 * the checked one. Each redirect is checked like the first URL.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { ClientRequest, IncomingMessage, Agent as PlainAgent } from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { WebAccess } from '#contract/web-access.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Web, WebForbidden, type WebRequest, type WebResponse } from '#core/ports.ts';
import { HttpAgent, HttpsAgent, httpRequest, httpsRequest } from './node-http.ts';
import { isPublicAddress } from './public-address.ts';

const MAX_SOCKETS = 64;
const REDIRECTS = [301, 302, 303, 307, 308];

/** `dns.lookup`, or a test's replacement. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

interface Agents {
  readonly 'http:': PlainAgent;
  readonly 'https:': TlsAgent;
}

export interface WebOptions extends WebAccess {
  readonly resolve?: Resolve;
  /** PEM certificates to trust in addition to Node's. */
  readonly ca?: string;
}

export function guardedWeb({ resolve = lookup, ca, ...access }: WebOptions): Web {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, lookup: guardedLookup(access, resolve) };
  const agents: Agents = {
    'http:': new HttpAgent(options),
    'https:': new HttpsAgent(ca === undefined ? options : { ...options, ca }),
  };
  return {
    async send(request) {
      const time = AbortSignal.timeout(request.timeoutSeconds * 1000);
      const signal = AbortSignal.any(request.signal === undefined ? [time] : [time, request.signal]);
      try {
        const answer = await followed(request, { agents, access, signal });
        return { ...answer, body: untilTimeUp(answer.body, request, time) };
      } catch (error) {
        throw time.aborted ? timeUp(request) : error;
      }
    },
  };
}

interface Sending {
  readonly agents: Agents;
  readonly access: WebAccess;
  readonly signal: AbortSignal;
}

async function followed(request: WebRequest, sending: Sending): Promise<WebResponse> {
  const { method = 'GET', maxRedirects = 0 } = request;
  const most = method === 'GET' || method === 'HEAD' ? maxRedirects : 0;
  let { headers } = request;
  let url = permittedUrl(request.url, sending.access);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendWithRetry(url, { ...request, ...omitUndefined({ headers }) }, sending);
    const { location } = answer.headers;
    if (!REDIRECTS.includes(answer.status) || location === undefined || redirects >= most) return answer;
    answer.close();
    const next = permittedUrl(location, sending.access, url);
    // Headers for one server must not be sent to another. The byte range is kept, because it is not secret.
    if (next.origin !== url.origin) headers = rangeIn(headers);
    url = next;
  }
}

function rangeIn(headers: WebRequest['headers'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(if-)?range$/i.test(name)));
}

/** Parses and checks the URL. Errors do not include the query, which may contain secrets. */
function permittedUrl(text: string, { ports = [], isLocal = false }: WebAccess, base?: URL): URL {
  if (!URL.canParse(text, base?.href))
    throw new WebForbidden('the URL is not valid; use the form https://host/path');
  const url = new URL(text, base);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) {
    throw new WebForbidden(`'${url.protocol}//${url.host}' is not allowed; use https`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new WebForbidden(
      `the URL of '${url.host}' contains a user name or password; send credentials in a header`,
    );
  }
  const allowed = [443, ...ports];
  if (!isLocal && url.port !== '' && !allowed.includes(Number(url.port))) {
    throw new WebForbidden(
      `port ${url.port} of '${url.hostname}' is not allowed; allowed: ${allowed.join(', ')}. To allow the port, add it to webPorts of the stack`,
    );
  }
  // The socket does not look up an IP address, so it is checked here.
  if (isIP(host) !== 0) assertReachable(host, [host], isLocal);
  return url;
}

function assertReachable(host: string, addresses: readonly string[], isLocal: boolean): void {
  if (isLocal || addresses.every(isPublicAddress)) return;
  throw new WebForbidden(`'${host}' is not a public internet address; only public addresses may be called`);
}

function guardedLookup({ isLocal = false }: WebAccess, resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return done(error, '', 0);
      try {
        assertReachable(
          hostname,
          addresses.map(({ address }) => address),
          isLocal,
        );
      } catch (refusal) {
        return done(refusal as Error, '', 0);
      }
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

/**
 * Sends one request. Retries if the server had already closed a reused connection, which is not a failure of
 * this request.
 */
async function sendWithRetry(url: URL, request: WebRequest, sending: Sending): Promise<WebResponse> {
  const first = startRequest(url, request, sending);
  try {
    return await responseOf(first);
  } catch (error) {
    const isStale = first.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (!isStale || sending.signal.aborted) throw error;
    return responseOf(startRequest(url, request, sending));
  }
}

function startRequest(url: URL, request: WebRequest, { agents, signal }: Sending): ClientRequest {
  const { method = 'GET', headers, body } = request;
  const options = { method, headers: { 'accept-encoding': 'identity', ...headers }, signal };
  const sent =
    url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: agents['https:'] })
      : httpRequest(url, { ...options, agent: agents['http:'] });
  sent.end(body);
  return sent;
}

function responseOf(sent: ClientRequest): Promise<WebResponse> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (answer: IncomingMessage) => {
      const headers = Object.entries(answer.headers).map(([name, value]) => [
        name,
        [value].flat().join(', '),
      ]);
      resolve({
        status: answer.statusCode ?? 0,
        headers: Object.fromEntries(headers),
        body: answer,
        close: () => answer.destroy(),
      });
    });
  });
}

async function* untilTimeUp(
  body: AsyncIterable<Uint8Array>,
  request: WebRequest,
  time: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw time.aborted ? timeUp(request) : error;
  }
}

function timeUp({ timeoutSeconds }: WebRequest): Error {
  return new Error(`no complete response within ${timeoutSeconds} s`);
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Web } from '#core/ports.ts';
import { guardedWeb } from '../../functions/aws/web.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './localhost-certificate.ts';
import { closeServer, listening } from './web-server.ts';

export interface ServedFile {
  readonly bytes: Uint8Array;
  /** @default a strong tag of the bytes */
  readonly etag?: string | 'none';
  readonly lastModified?: string;
  /** @default true */
  readonly hasRanges?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FileServer {
  readonly url: string;
  /** Trusts its certificate. */
  readonly web: Web;
  /** Files by path; a test may change them at any time. */
  readonly files: Map<string, ServedFile>;
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  /** Handles the request instead of the file server if it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/** A real HTTPS server of files on this machine, with ranges and conditions as RFC 9110 has them. */
export async function fileServer(files: Readonly<Record<string, ServedFile | string>>): Promise<FileServer> {
  const servedFiles = new Map(
    Object.entries(files).map(([path, file]) => [path, typeof file === 'string' ? fileOf(file) : file]),
  );
  const requests: FileServer['requests'] = [];
  const server = createServer({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }, (request, response) => {
    const { url: path = '', headers } = request;
    requests.push({ path, range: headers.range });
    if (self.intercept(request, response)) return;
    const file = servedFiles.get(path);
    if (file === undefined) response.writeHead(404).end();
    else respond(file, headers, response);
  });
  const { port } = new URL(await listening(server));
  const self: FileServer = {
    url: `https://localhost:${port}`,
    web: guardedWeb({ isLocal: true, ca: LOCALHOST_CERTIFICATE }),
    files: servedFiles,
    requests,
    intercept: () => false,
    close: () => closeServer(server),
  };
  return self;
}

export function fileOf(text: string): ServedFile {
  return { bytes: Buffer.from(text) };
}

function respond(
  file: ServedFile,
  requestHeaders: IncomingMessage['headers'],
  response: ServerResponse,
): void {
  const { bytes, lastModified, hasRanges = true } = file;
  const { etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"` } = file;
  for (const [name, value] of Object.entries(file.headers ?? {})) response.setHeader(name, value);
  if (etag !== 'none') response.setHeader('etag', etag);
  if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
  const condition = requestHeaders['if-range'];
  const isSame = condition === undefined || condition === etag || condition === lastModified;
  const range = /^bytes=(\d+)-(\d+)$/.exec(requestHeaders.range ?? '');
  if (range === null || !hasRanges || !isSame) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return;
  }
  const from = Number(range[1]);
  const to = Math.min(bytes.length, Number(range[2]) + 1);
  if (from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const contentRange = `bytes ${from}-${to - 1}/${bytes.length}`;
  response.writeHead(206, { 'content-range': contentRange }).end(bytes.subarray(from, to));
}

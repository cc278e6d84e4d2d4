/** Serves the console and the docs: static files, with paths of the console's own pages answered by its index. */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  consoleHeaders,
  docsHeaders,
  IMMUTABLE,
  type PageHeaders,
  type PageOrigins,
  REVALIDATED,
} from './page-headers.ts';

/** Returns the text of a file by its path, such as `console/index.html`. */
export type PageFiles = (path: string) => string | undefined;

export interface Pages {
  readonly files: PageFiles;
  readonly origins: PageOrigins;
  /** Content of `/console/config.json`. */
  readonly config: unknown;
}

export type PageEvent = Pick<
  APIGatewayProxyEvent,
  'path' | 'resource' | 'httpMethod' | 'headers' | 'pathParameters'
>;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
};

interface Page {
  readonly status: number;
  readonly text: string;
  readonly type: string;
  readonly cache: string;
  readonly headers: PageHeaders;
}

export function servePages({ files, origins, config }: Pages) {
  const ofConsole = consoleHeaders(origins);
  const ofDocs = docsHeaders();
  const configText = JSON.stringify(config);
  return (event: PageEvent): APIGatewayProxyResult => {
    if (!['GET', 'HEAD'].includes(event.httpMethod)) return methodNotAllowed(event.httpMethod);
    const area = event.resource.startsWith('/docs') ? 'docs' : 'console';
    const file = decoded(event.pathParameters?.['file'] ?? '');
    const page = area === 'docs' ? docsPage() : consolePage();
    return resultOf(page, event);

    function consolePage(): Page {
      if (file === 'config.json') return found(configText, 'json', ofConsole);
      const text = file === '' ? undefined : files(`console/${file}`);
      if (text !== undefined) return found(text, extension(file), ofConsole, isAsset(file));
      if (isAsset(file))
        return missing(`this version of the console does not have the file '${file}'`, ofConsole);
      // Every other path is a page of the console, which its script shows.
      return found(relativeTo(event, area, files('console/index.html') ?? ''), 'html', ofConsole);
    }

    function docsPage(): Page {
      if (isAsset(file)) {
        const asset = files(`docs/${file}`);
        if (asset !== undefined) return found(asset, extension(file), ofDocs, true);
      }
      const path = file.replace(/\.(md|html)$/, '').replace(/\/$/, '');
      const text = files(`docs/${path === '' ? 'index' : path}.html`);
      if (text !== undefined) return found(relativeTo(event, area, text), 'html', ofDocs);
      return missing(`the docs of this version do not have the page '${file}'`, ofDocs);
    }
  };
}

/** Pages refer to `%ROOT%`, the folder of their area, because the base path of the gateway is unknown. */
const ROOT = '%ROOT%';

function relativeTo(event: PageEvent, area: string, text: string): string {
  const file = event.pathParameters?.['file'] ?? '';
  const endsWithSlash = event.path.endsWith('/');
  const path = endsWithSlash && file !== '' && !file.endsWith('/') ? `${file}/` : file;
  const ups = path.split('/').length - 1;
  const root = ups > 0 ? Array(ups).fill('..').join('/') : '.';
  return text.replaceAll(ROOT, file === '' && !endsWithSlash ? area : root);
}

function found(text: string, type: string, headers: PageHeaders, isImmutable = false): Page {
  return {
    status: 200,
    text,
    type: TYPES[type] ?? 'text/plain; charset=utf-8',
    cache: isImmutable ? IMMUTABLE : REVALIDATED,
    headers,
  };
}

function missing(text: string, headers: PageHeaders): Page {
  return { status: 404, text, type: 'text/plain; charset=utf-8', cache: 'no-store', headers };
}

function resultOf({ status, text, type, cache, headers }: Page, event: PageEvent): APIGatewayProxyResult {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const common = { ...headers, 'Cache-Control': cache, ...(status === 200 ? { ETag: etag } : {}) };
  if (
    status === 200 &&
    headerOf(event, 'if-none-match')
      ?.split(/,\s*/)
      .some((tag) => tag.replace(/^W\//, '') === etag)
  )
    return { statusCode: 304, headers: common, body: '' };
  return {
    statusCode: status,
    headers: { ...common, 'Content-Type': type },
    body: event.httpMethod === 'HEAD' ? '' : text,
  };
}

function methodNotAllowed(method: string): APIGatewayProxyResult {
  return {
    statusCode: 405,
    headers: {
      Allow: 'GET, HEAD',
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    },
    body: `pages can only be read; the method ${method} is not allowed here. The API is one level up`,
  };
}

function headerOf({ headers }: PageEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

function isAsset(file: string): boolean {
  return file.startsWith('assets/');
}

function extension(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1);
}

/** A REST API of AWS passes the path as it was sent, and emulators pass it decoded. No file needs the difference. */
function decoded(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

/** Translates responses and errors of web requests into permanent and retryable failures. */
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type Clock, type Web, WebForbidden, type WebRequest, type WebResponse } from '#core/ports.ts';
import { decodedBody } from './web-content.ts';

/** Sends a request. Throws `RetryableFailure` without a response, `PermanentFailure` for a forbidden address. */
export async function sendToWeb(web: Web, request: WebRequest): Promise<WebResponse> {
  try {
    return await web.send(request);
  } catch (error) {
    throw failureToReach(request.url, error);
  }
}

/** Yields the body of a response without its Content-Encoding. A broken connection is a retryable failure. */
export function bodyOf(url: string, { headers, body }: WebResponse): AsyncIterable<Uint8Array> {
  return decodedBody(hostOf(url), headers, sentBytes(url, body));
}

async function* sentBytes(url: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureToReach(url, error);
  }
}

/** Pauses between attempts of one request. After the last one, the whole item or batch is retried. */
const PAUSES_SECONDS = [1, 5];

/** Repeats a request after a pause, if its failure is retryable. */
export async function withRetries<T>(clock: Clock, ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const pause = PAUSES_SECONDS[tries];
      if (classifyFailure(error).kind !== 'retryable' || pause === undefined) throw error;
      await clock.sleep(pause * 1000);
    }
  }
}

export interface StatusFailure {
  /** Code of a permanent failure. */
  readonly code: string;
  /** @default web-unavailable */
  readonly retryableCode?: string;
  readonly now: number;
  /** Reason that the server gave. */
  readonly reason?: string;
}

/** Returns the failure for a status that is not a success. */
export function failureOfStatus(
  url: string,
  { status, headers }: Pick<WebResponse, 'status' | 'headers'>,
  { code, retryableCode = 'web-unavailable', now, reason = '' }: StatusFailure,
): PermanentFailure | RetryableFailure {
  const message = `${hostOf(url)} responded with status ${status}${reason === '' ? '' : `: ${reason}`}`;
  if (isRetryable(status)) {
    return new RetryableFailure(retryableCode, message, {
      retryAfterSeconds: retryAfterSeconds(headers['retry-after'], now),
    });
  }
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  return new PermanentFailure(code, isRedirect ? `${message}; redirects are not followed` : message);
}

/** The server does not implement the method, or the version of HTTP. */
const PERMANENT_SERVER_ERRORS = [501, 505];

function isRetryable(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && !PERMANENT_SERVER_ERRORS.includes(status));
}

/** Returns the failure code for a file that the server does not return. */
export function codeOfRefusal(what: 'part' | 'source', status: number): string {
  if (status === 404 || status === 410) return `${what}-missing`;
  return status === 401 || status === 403 ? 'source-forbidden' : `${what}-refused`;
}

/** Parses a Retry-After header in seconds or as a date. Returns 0 if it is absent or not valid. */
export function retryAfterSeconds(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Returns the host, which identifies the URL to users. Paths and queries may contain secrets. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the server';
}

function failureToReach(url: string, error: unknown): unknown {
  if (error instanceof WebForbidden)
    return new PermanentFailure('source-forbidden', error.message, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new RetryableFailure('web-unavailable', `${hostOf(url)} cannot be reached: ${reason}`, {
    cause: error,
  });
}

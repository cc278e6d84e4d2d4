/** What an answer of the web means for the work that asked for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type Web, type WebAnswer, WebForbidden, type WebRequest } from '#core/ports.ts';

/** A request that got no answer is worth another try; one that must not be made is not. */
export async function sendToWeb(web: Web, request: WebRequest): Promise<WebAnswer> {
  try {
    return await web.send(request);
  } catch (error) {
    throw failureToReach(request.url, error);
  }
}

/** A body that breaks off is a failure to reach the server, too. */
export async function* bodyOf(url: string, { body }: WebAnswer): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureToReach(url, error);
  }
}

/** Pauses between tries of one request; beyond them its work comes again as a whole. */
const PAUSES_SECONDS = [1, 5];

/** Asks again, after a pause, where that may help. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const pause = PAUSES_SECONDS[tries];
      if (classifyFailure(error).kind !== 'retryable' || pause === undefined) throw error;
      await sleep(pause * 1000);
    }
  }
}

export interface StatusFailure {
  /** Of a failure for good. */
  readonly code: string;
  /** @default web-unavailable */
  readonly retryableCode?: string;
  readonly now: number;
  /** What the server said of it. */
  readonly reason?: string;
}

/** The failure that a status stands for which is no success. */
export function failureOfStatus(
  url: string,
  { status, headers }: Pick<WebAnswer, 'status' | 'headers'>,
  { code, retryableCode = 'web-unavailable', now, reason = '' }: StatusFailure,
): PermanentFailure | RetryableFailure {
  const message = `${hostOf(url)} answered ${status}${reason === '' ? '' : `: ${reason}`}`;
  if (status === 429 || status === 408 || status >= 500) {
    return new RetryableFailure(retryableCode, message, {
      retryAfterSeconds: retryAfterSeconds(headers['retry-after'], now),
    });
  }
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  return new PermanentFailure(code, isRedirect ? `${message}; redirects are not followed` : message);
}

/** What a file that lies on the web fails for with, where it is not given. */
export function codeOfRefusal(what: 'part' | 'source', status: number): string {
  if (status === 404 || status === 410) return `${what}-missing`;
  return status === 401 || status === 403 ? 'source-forbidden' : `${what}-refused`;
}

/** Retry-After as seconds or as a date; 0 where there is none that can be read. */
export function retryAfterSeconds(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Paths and queries may hold secrets; the host tells users which of their URLs it was. */
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

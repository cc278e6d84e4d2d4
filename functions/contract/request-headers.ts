/** Headers of requests that operations read, beside those that every operation does. */

interface RequestHeader {
  readonly description: string;
  /** What its value looks like; another one is refused, or means nothing. */
  readonly pattern: string;
}

const ETAGS = '^(\\*|(W/)?"[^"]+"(\\s*,\\s*(W/)?"[^"]+")*)$';

export const REQUEST_HEADERS = {
  'If-Match': {
    description: 'An ETag, several or *: the change is made only to what the caller saw; otherwise 412.',
    pattern: ETAGS,
  },
  'If-None-Match': {
    description: 'An ETag, several or *: 304 where nothing has changed since.',
    pattern: ETAGS,
  },
  'Idempotency-Key': {
    description:
      'The same key with the same request creates one job, however often and concurrently it is sent.',
    pattern: '^[\\x21-\\x7e]{1,255}$',
  },
} as const satisfies Record<string, RequestHeader>;
export type RequestHeaderName = keyof typeof REQUEST_HEADERS;

/** Read of every request, and logged where they look like what they should be. */
export const CORRELATION_HEADERS = {
  traceparent: {
    description: 'A trace of the caller (W3C Trace Context), for our log.',
    pattern: '^[\\x21-\\x7e]+$',
  },
  'CAF-Correlation-Id': { description: 'An id of the caller, for our log.', pattern: '^[\\x21-\\x7e]+$' },
} as const satisfies Record<string, RequestHeader>;

/** Request headers: those of individual operations, and those that every operation reads. */

export interface RequestHeader {
  readonly description: string;
  /** Any other value is rejected. Absent: any value is accepted. */
  readonly pattern?: string;
  /** Name of the grammar, for generators of test values. */
  readonly format?: string;
  /** Describes the pattern. */
  readonly expected?: string;
}

const ETAG = '(W/)?"[!#-~]+"';
const ETAGS_RULE = 'an ETag in double quotes such as "1.0", several with commas between them, or *';
const ETAGS = `^(\\*|${ETAG}([ \\t]*,[ \\t]*${ETAG})*)$`;

export const REQUEST_HEADERS = {
  'If-Match': {
    description: 'An ETag, several or *: the change is made only to what the caller saw; otherwise 412.',
    pattern: ETAGS,
    format: 'etags',
    expected: ETAGS_RULE,
  },
  'If-None-Match': {
    description: 'An ETag, several or *: 304 where nothing has changed since.',
    pattern: ETAGS,
    format: 'etags',
    expected: ETAGS_RULE,
  },
  'Idempotency-Key': {
    description:
      'The same key with the same request creates one job, however often and concurrently it is sent.',
    pattern: '^[!-~]{1,255}$',
    expected: '1 to 255 visible ASCII characters',
  },
} as const satisfies Record<string, RequestHeader>;
export type RequestHeaderName = keyof typeof REQUEST_HEADERS;

const IGNORED = 'Logged if it is visible ASCII without spaces; any other value is ignored.';

/** Read from every request. An invalid value never rejects the request, as W3C Trace Context requires. */
export const CORRELATION_HEADERS = {
  traceparent: { description: `A trace of the caller (W3C Trace Context). ${IGNORED}` },
  'CAF-Correlation-Id': { description: `An id of the caller. ${IGNORED}` },
} as const satisfies Record<string, RequestHeader>;

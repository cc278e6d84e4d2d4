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
const ETAGS_RULE = 'an ETag in double quotes such as "1.0", several separated by commas, or *';
const ETAGS = `^(\\*|${ETAG}([ \\t]*,[ \\t]*${ETAG})*)$`;

export const REQUEST_HEADERS = {
  'If-Match': {
    description:
      'An ETag, several or *. The resource changes only if one of them is its current version; otherwise 412.',
    pattern: ETAGS,
    format: 'etags',
    expected: ETAGS_RULE,
  },
  'If-None-Match': {
    description: 'An ETag, several or *. The response is 304 if one of them is the current version.',
    pattern: ETAGS,
    format: 'etags',
    expected: ETAGS_RULE,
  },
  'Idempotency-Key': {
    description: 'Repeated or concurrent requests with the same key and the same body create only one job.',
    pattern: '^[!-~]{1,255}$',
    expected: '1 to 255 visible ASCII characters',
  },
} as const satisfies Record<string, RequestHeader>;
export type RequestHeaderName = keyof typeof REQUEST_HEADERS;

const IGNORED = 'Logged if it consists of visible ASCII without spaces; any other value is ignored.';

/** Read from every request. An invalid value never rejects the request, as W3C Trace Context requires. */
export const CORRELATION_HEADERS = {
  traceparent: { description: `Trace of the caller (W3C Trace Context). ${IGNORED}` },
  'CAF-Correlation-Id': { description: `Correlation id of the caller. ${IGNORED}` },
} as const satisfies Record<string, RequestHeader>;

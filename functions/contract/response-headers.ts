/** Response headers that callers may rely on. */

interface ResponseHeader {
  readonly description: string;
  /** Pattern of the value. */
  readonly pattern: string;
  /** True if the header is sent only in some cases, which the description states. */
  readonly sometimes?: true;
}

export const RESPONSE_HEADERS = {
  ETag: {
    description: 'The version of what is shown, for If-None-Match and If-Match.',
    pattern: '^(W/)?"[^"]+"$',
  },
  Location: { description: 'Where what was made can be read, relative to the request.', pattern: '^\\S+$' },
  Link: {
    description: 'The next page, relative to the request; absent on the last one.',
    pattern: '^<[^>]+>; rel="next"$',
    sometimes: true,
  },
  'Cache-Control': {
    description: 'For how many seconds the answer may be believed; no-store where it opens something.',
    pattern: '^(no-store|(private, )?max-age=\\d+)$',
  },
  CacheableJobStatus: { description: 'Whether workers may cache the answer.', pattern: '^true$' },
  'Retry-After': { description: 'Seconds after which another try is worth it.', pattern: '^\\d+$' },
  'WWW-Authenticate': {
    description: 'What is wrong with the token; API Gateway renames it to x-amzn-Remapped-WWW-Authenticate.',
    pattern: '^Bearer ',
    sometimes: true,
  },
} as const satisfies Record<string, ResponseHeader>;
export type HeaderName = keyof typeof RESPONSE_HEADERS;

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
    description: 'Version of the resource, for If-None-Match and If-Match.',
    pattern: '^(W/)?"[^"]+"$',
  },
  Location: { description: 'URL of the created resource, relative to the request.', pattern: '^\\S+$' },
  Link: {
    description: 'URL of the next page, relative to the request; absent on the last page.',
    pattern: '^<[^>]+>; rel="next"$',
    sometimes: true,
  },
  'Cache-Control': {
    description:
      'Number of seconds for which clients may cache the response; no-store if it contains signed URLs.',
    pattern: '^(no-store|(private, )?max-age=\\d+)$',
  },
  CacheableJobStatus: { description: 'True: workers may cache the response.', pattern: '^true$' },
  'Retry-After': { description: 'Number of seconds to wait before a retry.', pattern: '^\\d+$' },
  'WWW-Authenticate': {
    description:
      'The error in the token. API Gateway renames the header to x-amzn-Remapped-WWW-Authenticate.',
    pattern: '^Bearer ',
    sometimes: true,
  },
} as const satisfies Record<string, ResponseHeader>;
export type HeaderName = keyof typeof RESPONSE_HEADERS;

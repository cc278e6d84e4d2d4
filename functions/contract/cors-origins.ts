/** Origins of web pages that may call the API (cors.json beside the bundle). */
import * as z from 'zod';

export const CORS_ORIGIN_RULE =
  'an origin such as https://app.example.com or http://localhost:5173: scheme, host and port, without a path and without *';

export function isOrigin(text: string): boolean {
  return (
    /^https?:\/\//.test(text) && !text.includes('*') && URL.canParse(text) && new URL(text).origin === text
  );
}

export const corsOrigins = z.array(z.string().refine(isOrigin, `must be ${CORS_ORIGIN_RULE}`));

/** Names of the response headers that a page of another origin may read. */
export const CORS_EXPOSED_HEADERS = [
  'ETag',
  'Location',
  'Link',
  'Retry-After',
  'CacheableJobStatus',
  'x-amzn-RequestId',
  'x-amzn-Remapped-WWW-Authenticate',
];

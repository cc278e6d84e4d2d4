/** Security and cache headers of the console and the docs. */

export type PageHeaders = Readonly<Record<string, string>>;

/** Origins that the console reaches besides its own. */
export interface PageOrigins {
  /** The bucket of the stack, for uploads and previews. */
  readonly bucket: string;
  /** The issuer that people sign in with, and its token endpoint. */
  readonly signIn: readonly string[];
}

const NOTHING_ELSE = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const COMMON: PageHeaders = {
  'X-Content-Type-Options': 'nosniff',
  // Browsers ignore it over plain HTTP, so it does not affect emulators.
  'Strict-Transport-Security': 'max-age=31536000',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** The name of an asset contains a hash of its content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
export const REVALIDATED = 'no-cache';

export function consoleHeaders({ bucket, signIn }: PageOrigins): PageHeaders {
  const policy = [
    ...NOTHING_ELSE,
    "script-src 'self'",
    "style-src 'self'",
    ['connect-src', "'self'", bucket, ...signIn].join(' '),
    // Previews are made of bytes that the page has read. Browsers show a PDF by a plugin in a frame.
    "img-src 'self' data: blob:",
    'frame-src blob:',
    'object-src blob:',
  ];
  return { ...COMMON, 'Content-Security-Policy': policy.join('; ') };
}

export function docsHeaders(): PageHeaders {
  const policy = [...NOTHING_ELSE, "style-src 'self'", "img-src 'self' data:"];
  return { ...COMMON, 'Content-Security-Policy': policy.join('; ') };
}

/** Returns the origin of presigned URLs of the bucket. Emulators use one host for all buckets. */
export function bucketOrigin({
  bucket,
  region,
  endpoint,
}: {
  bucket: string;
  region: string;
  endpoint: string | undefined;
}): string {
  if (endpoint !== undefined) return new URL(endpoint).origin;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}`;
}

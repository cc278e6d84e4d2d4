/** Seconds for which a caller may believe a status: as long as our own functions do. */
export const STATUS_SECONDS = 5;

/** `CacheableJobStatus` is what CAF workers look for before they cache the answer themselves. */
export const CACHEABLE_STATUS = {
  'Cache-Control': `private, max-age=${STATUS_SECONDS}`,
  CacheableJobStatus: 'true',
} as const;

/** Seconds for which a caller may cache a status; the functions of the service use the same time. */
export const STATUS_SECONDS = 5;

/** Response headers of a status. CAF workers cache the response only if it has `CacheableJobStatus`. */
export const CACHEABLE_STATUS = {
  'Cache-Control': `private, max-age=${STATUS_SECONDS}`,
  CacheableJobStatus: 'true',
} as const;

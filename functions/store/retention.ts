/** Rows of a job that nobody deletes go this long after its last change (default retention: 30 days). */
export const RETENTION_MILLIS = 30 * 24 * 60 * 60 * 1000;

/** The table's TTL attribute, seconds since 1970. */
export function ttlSeconds(now: number): number {
  return Math.ceil((now + RETENTION_MILLIS) / 1000);
}

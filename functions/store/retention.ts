/**
 * Retention of data that has to outlive every message of a deleted job. SQS keeps a message for 14 days at
 * most.
 */
const AFTERLIFE_MILLIS = 30 * 24 * 60 * 60 * 1000;

/**
 * TTL of a job's rows, as a last resort. Rows are deleted with their job; rows written late are deleted by
 * its second removal pass. The TTL covers rows that even this pass misses. A late writer believes that its
 * job still runs, so its rows look like all others. No row may expire before its job, so the TTL is longer
 * than any job is kept or paused.
 */
const LAST_RESORT_MILLIS = 100 * 365 * 24 * 60 * 60 * 1000;

/** Returns the value of the table's TTL attribute, in seconds since 1970. */
export function ttlSeconds(now: number): number {
  return Math.ceil((now + AFTERLIFE_MILLIS) / 1000);
}

export function stragglerTtlSeconds(now: number): number {
  return Math.ceil((now + LAST_RESORT_MILLIS) / 1000);
}

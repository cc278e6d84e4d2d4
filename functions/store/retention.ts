/** How long what must only outlive every message of a deleted job is kept: SQS keeps a message for 14 days at most. */
const AFTERLIFE_MILLIS = 30 * 24 * 60 * 60 * 1000;

/**
 * Rows of a job go when it is deleted. A write that comes late may leave one behind; this is when that goes, later
 * than anybody keeps or pauses a job: no row may vanish before its job does.
 */
const STRAGGLER_MILLIS = 100 * 365 * 24 * 60 * 60 * 1000;

/** The table's TTL attribute, seconds since 1970. */
export function ttlSeconds(now: number): number {
  return Math.ceil((now + AFTERLIFE_MILLIS) / 1000);
}

export function stragglerTtlSeconds(now: number): number {
  return Math.ceil((now + STRAGGLER_MILLIS) / 1000);
}

/** How long what must only outlive every message of a deleted job is kept: SQS keeps a message for 14 days at most. */
const AFTERLIFE_MILLIS = 30 * 24 * 60 * 60 * 1000;

/**
 * Rows of a job go when it is deleted, those that are written late with its second pass. This is for what even that does
 * not find, and later than anybody keeps or pauses a job: who writes a row late believes that its job runs, so such rows
 * look like all others, and none of those may vanish before its job does.
 */
const LAST_RESORT_MILLIS = 100 * 365 * 24 * 60 * 60 * 1000;

/** The table's TTL attribute, seconds since 1970. */
export function ttlSeconds(now: number): number {
  return Math.ceil((now + AFTERLIFE_MILLIS) / 1000);
}

export function stragglerTtlSeconds(now: number): number {
  return Math.ceil((now + LAST_RESORT_MILLIS) / 1000);
}

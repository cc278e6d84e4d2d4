/** Numbers of messages that one invocation receives, as far as a function depends on them. */

/** Reports of one batch that tick the same page share one write. */
export const TRACKING_BATCH_SIZE = 1_000;

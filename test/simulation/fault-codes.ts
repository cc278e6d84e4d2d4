/** Codes of failures that faults bring about, in what would have succeeded. */

/** Of chunks that came to the dead letters. */
export const CODES_OF_THE_DEAD: readonly string[] = ['poison', 'undeliverable'];

export const CODES_OF_FAULTS: readonly string[] = [...CODES_OF_THE_DEAD, 'too-slow', 'message-lost'];

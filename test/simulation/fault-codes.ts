/** Failure codes that faults cause in items that would otherwise have succeeded. */

/** Codes of chunks that reached the dead-letter queue. */
export const CODES_OF_THE_DEAD: readonly string[] = ['poison', 'undeliverable'];

export const CODES_OF_FAULTS: readonly string[] = [...CODES_OF_THE_DEAD, 'too-slow', 'message-lost'];

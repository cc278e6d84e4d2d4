/** Limits of messages that code without the messages themselves needs. */

/** Maximum number of different outcome codes of a chunk. */
export const MAX_CHUNK_CODES = 32;

/** Maximum length of the note of an update. */
export const MAX_NOTE_CHARACTERS = 200;

/** Outcome code that a worker sets, such as MORE. */
export const OUTCOME_CODE = /^[A-Z][A-Z0-9_]{0,31}$/;

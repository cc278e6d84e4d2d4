/** Schemas of sources have a pattern that begins with this one: a file that was uploaded, or an address. */
export const SOURCE_PATTERN = /^\^\(upload:/;

/** Start time of every schedule, late enough that no skewed clock shows a time before 1970. */
export const BEGIN = 60 * 60 * 1_000;

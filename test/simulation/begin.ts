/** When every schedule begins: late enough that no clock, however wrong, is before 1970. */
export const BEGIN = 60 * 60 * 1_000;

/**
 * Encodings that Node decodes, without an error, to other characters than the WHATWG Encoding Standard, by which all
 * browsers decode them. For example, it lacks most syllables of Korean files that were written on Windows.
 */
export const WRONG_IN_NODE: readonly string[] = ['big5', 'euc-jp', 'euc-kr'];

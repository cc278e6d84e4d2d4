/** Decoders of text files. */

export type Decoder = Pick<InstanceType<typeof TextDecoder>, 'decode'>;

/**
 * Node decodes these without an error to other characters than the WHATWG Encoding Standard, by which all browsers
 * decode them. For example, it lacks most syllables of Korean files that were written on Windows.
 */
const WRONG_IN_NODE: readonly string[] = ['big5', 'euc-jp', 'euc-kr'];

/** With `fatal`, the decoder throws a `TypeError` for bytes that are no text. A byte-order mark is kept as a character. */
export async function textDecoder(
  encoding: string,
  { fatal }: { readonly fatal: boolean },
): Promise<Decoder> {
  const options = { fatal, ignoreBOM: true };
  if (!WRONG_IN_NODE.includes(encoding)) return new TextDecoder(encoding, options);
  // Loaded on demand, because few files need it.
  const standard = await import('@exodus/bytes/encoding.js');
  return new standard.TextDecoder(encoding, options);
}

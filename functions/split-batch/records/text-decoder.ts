/** Decoders of text files. */
import { WRONG_IN_NODE } from '#core/text-encodings.ts';

export type Decoder = Pick<InstanceType<typeof TextDecoder>, 'decode'>;

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

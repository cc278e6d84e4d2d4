/** Decoders of text by the WHATWG Encoding Standard. */
import type { Decoder } from '#core/decode-text.ts';
import { RIGHT_IN_NODE } from '#core/text-encodings.ts';

/** The options of `TextDecoder`. */
interface DecoderOptions {
  /** With `fatal`, the decoder throws a `TypeError` for bytes that are no text. */
  readonly fatal: boolean;
  /** True to keep a byte-order mark as a character. */
  readonly ignoreBOM?: boolean;
}

/** Returns a function that makes decoders of an encoding, given by its standard name. */
export async function decodersOf(encoding: string): Promise<(options: DecoderOptions) => Decoder> {
  if (RIGHT_IN_NODE.includes(encoding)) return (options) => new TextDecoder(encoding, options);
  // Loaded on demand, because few files need it.
  const standard = await import('@exodus/bytes/encoding.js');
  return (options) => new standard.TextDecoder(encoding, options);
}

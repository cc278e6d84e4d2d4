/** Decodes text strictly. Bytes that are not valid are an error with their position, never replaced. */
import { encodingName } from './encoding-name.ts';

export type Decoder = Pick<InstanceType<typeof TextDecoder>, 'decode'>;

export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  /** `at` is the offset of the byte at which the text stops being valid. */
  | { readonly kind: 'invalid'; readonly encoding: string; readonly at: number }
  | { readonly kind: 'unknown-encoding'; readonly encoding: string };

/**
 * Decodes bytes in the encoding of their byte order mark, else in the given one (a WHATWG label). `newDecoder` returns
 * decoders of this encoding that throw a `TypeError` for invalid bytes. Those of Node are right for Unicode and Latin text.
 */
export function decodeText(bytes: Uint8Array, declared = 'utf-8', newDecoder?: () => Decoder): DecodedText {
  const encoding = encodingOfText(bytes, declared);
  if (encoding === undefined) return { kind: 'unknown-encoding', encoding: declared };
  const decoder = newDecoder ?? (() => new TextDecoder(encoding, { fatal: true }));
  try {
    return { kind: 'text', text: decoder().decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'invalid', encoding, at: firstInvalidByte(bytes, decoder) };
  }
}

/** Returns the standard name of the encoding of the byte order mark, else of the declared label. */
export function encodingOfText(bytes: Uint8Array, declared: string): string | undefined {
  return markedEncoding(bytes) ?? encodingName(declared);
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

/** Maximum bytes of a character before the byte that makes it invalid. */
const MAX_CHARACTER_BYTES = 4;

/** Returns the offset of the first character that is not valid. */
function firstInvalidByte(bytes: Uint8Array, newDecoder: () => Decoder): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isValid(bytes.subarray(0, middle), newDecoder(), { stream: true })) valid = middle;
    else invalid = middle;
  }
  const end = Math.min(valid, bytes.length);
  for (let at = end; at > end - MAX_CHARACTER_BYTES && at >= 0; at -= 1)
    if (isValid(bytes.subarray(0, at), newDecoder())) return at;
  return end;
}

function isValid(bytes: Uint8Array, decoder: Decoder, options?: { readonly stream: boolean }): boolean {
  try {
    decoder.decode(bytes, options);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

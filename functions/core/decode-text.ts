/** Decodes text strictly. Bytes that are not valid are an error with their position, never replaced. */

export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  /** `at` is the offset of the byte at which the text stops being valid. */
  | { readonly kind: 'invalid'; readonly encoding: string; readonly at: number }
  | { readonly kind: 'unknown-encoding'; readonly encoding: string };

/** Decodes bytes in the encoding of their byte order mark, else in the given one (a WHATWG label). */
export function decodeText(bytes: Uint8Array, declared = 'utf-8'): DecodedText {
  const encoding = markedEncoding(bytes) ?? declared;
  const decoder = decoderOf(encoding);
  if (decoder === undefined) return { kind: 'unknown-encoding', encoding };
  try {
    return { kind: 'text', text: decoder.decode(bytes) };
  } catch {
    return { kind: 'invalid', encoding: decoder.encoding, at: firstInvalidByte(bytes, encoding) };
  }
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return undefined;
  }
}

/** Maximum bytes of a character before the byte that makes it invalid. */
const MAX_CHARACTER_BYTES = 4;

/** Returns the offset of the first character that is not valid. */
function firstInvalidByte(bytes: Uint8Array, encoding: string): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isValidStart(bytes.subarray(0, middle), encoding)) valid = middle;
    else invalid = middle;
  }
  const end = Math.min(valid, bytes.length);
  for (let at = end; at > end - MAX_CHARACTER_BYTES && at >= 0; at -= 1)
    if (isValid(bytes.subarray(0, at), encoding)) return at;
  return end;
}

function isValidStart(bytes: Uint8Array, encoding: string): boolean {
  return isValid(bytes, encoding, { stream: true });
}

function isValid(bytes: Uint8Array, encoding: string, options?: { readonly stream: boolean }): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, options);
    return true;
  } catch {
    return false;
  }
}

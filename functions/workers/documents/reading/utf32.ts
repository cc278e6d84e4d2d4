/** Decodes UTF-32, which the platform does not. Only a byte order mark distinguishes it from other data. */

const UNIT_BYTES = 4;
const MARK = 0xfeff;
/** The code point of the mark if the bytes are in the other order. */
const SWAPPED_MARK = 0xfffe0000;
const LAST_CODE_POINT = 0x10ffff;

/** Returns the text without its mark, or undefined if the bytes are not UTF-32. */
export function decodeUtf32(bytes: Uint8Array): string | undefined {
  if (bytes.length < 2 * UNIT_BYTES || bytes.length % UNIT_BYTES !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = view.getUint32(0);
  if (mark !== MARK && mark !== SWAPPED_MARK) return undefined;
  let text = '';
  for (let at = UNIT_BYTES; at < bytes.length; at += UNIT_BYTES) {
    const code = view.getUint32(at, mark === SWAPPED_MARK);
    if (code > LAST_CODE_POINT) return undefined;
    text += String.fromCodePoint(code);
  }
  return text.toWellFormed();
}

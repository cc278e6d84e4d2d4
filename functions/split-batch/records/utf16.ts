/** Detects UTF-16 without a byte-order mark. */
import { scriptCounts } from '#core/script-counts.ts';

/** Number of bytes that are compared. */
const SAMPLED = 64 * 1024;
const MIN_SHARE = 0.95;
const NO_TEXT = /[\p{Cn}\p{Co}\p{Cs}\ufffd]|(?![\t\n\r])\p{Cc}/u;

export function utf16Of(head: Uint8Array): string | undefined {
  return sideOfZeros(head) ?? plausibleSide(head);
}

/** Latin letters and digits have a zero byte in UTF-16, always at the even or always at the odd positions. */
function sideOfZeros(head: Uint8Array): string | undefined {
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const enough = head.length / 10;
  if (odd > enough && even * 10 < odd) return 'utf-16le';
  return even > enough && odd * 10 < even ? 'utf-16be' : undefined;
}

/** Returns the byte order in which the bytes are text of few scripts. In the other one, line ends are no characters. */
function plausibleSide(head: Uint8Array): string | undefined {
  const sample = head.subarray(0, Math.min(head.length, SAMPLED) & ~1);
  // No text in other encodings has zero bytes, and every line end in UTF-16 has one.
  if (!sample.includes(0)) return undefined;
  return ['utf-16le', 'utf-16be'].find((encoding) =>
    isOfFewScripts(new TextDecoder(encoding).decode(sample)),
  );
}

function isOfFewScripts(text: string): boolean {
  if (hasNoText(text)) return false;
  const { all, ascii, largest } = scriptCounts(text);
  return ascii > 0 && ascii + largest >= MIN_SHARE * all;
}

/** The sample may end within a character. */
function hasNoText(text: string): boolean {
  let length = 0;
  for (const sign of text) {
    length += 1;
    if (NO_TEXT.test(sign) && length < text.length) return true;
  }
  return false;
}

/** Detects UTF-16 with and without a byte order mark. */
import { isUtf8 } from 'node:buffer';
import { scriptCounts } from '#core/script-counts.ts';
import { countUnits, isText } from './text-signs.ts';

/** Number of leading bytes that are examined. */
const SNIFFED = 64 * 1024;

type Utf16 = 'utf-16le' | 'utf-16be';

/** Returns the text, or undefined if the bytes are not UTF-16. */
export function decodeUtf16(bytes: Uint8Array): string | undefined {
  const marked = byteOrderMark(bytes);
  if (marked !== undefined) {
    const text = decode(marked, bytes);
    // Binary data that happens to begin with a mark has a broken surrogate in about every eighth unit.
    return countUnits(text).broken * 100 > text.length || !isText(text, true) ? undefined : text;
  }
  const sniffed = bytes.subarray(0, Math.min(bytes.length, SNIFFED) & ~1);
  const encoding = sideOfNuls(sniffed) ?? plausibleSide(sniffed);
  return encoding && decode(encoding, bytes);
}

function byteOrderMark([first, second]: Uint8Array): Utf16 | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Latin text has NULs at only odd or only even positions. */
function sideOfNuls(sniffed: Uint8Array): Utf16 | undefined {
  const pairs = sniffed.length / 2;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sniffed.length; i += 2) {
    if (sniffed[i] === 0) even += 1;
    if (sniffed[i + 1] === 0) odd += 1;
  }
  if (even * 50 <= odd && odd > pairs / 2) return textSide('utf-16le', sniffed);
  return odd * 50 <= even && even > pairs / 2 ? textSide('utf-16be', sniffed) : undefined;
}

/** Excludes numbers of two bytes, such as sound. */
function textSide(encoding: Utf16, sniffed: Uint8Array): Utf16 | undefined {
  const text = decode(encoding, sniffed);
  return isText(text, true) && !UNLIKELY.test(text) ? encoding : undefined;
}

/** Shorter texts are not enough to tell the script. */
const MIN_BYTES = 32;
/** Share of control characters that text in one-byte encodings never has. */
const MANY = 0.05;

/** UTF-16 has no more NULs in a row. Longer runs are padding, such as that of records of a fixed length. */
const MAX_NULS = 3;

/** True if the bytes are probably not text of one byte per character. */
function isDoubtful(sniffed: Uint8Array): boolean {
  let controls = 0;
  let padding = 0;
  let nuls = 0;
  for (const byte of sniffed) {
    nuls = byte === 0 ? nuls + 1 : 0;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls += 1;
    if (nuls > MAX_NULS) padding += nuls === MAX_NULS + 1 ? nuls : 1;
  }
  controls -= padding;
  return controls > (sniffed.length - padding) * MANY || (controls > 0 && !isUtf8(Buffer.from(sniffed)));
}

/** Returns the byte order in which the bytes are text of few scripts. Random units are of all scripts. */
function plausibleSide(sniffed: Uint8Array): Utf16 | undefined {
  if (sniffed.length < MIN_BYTES || !isDoubtful(sniffed)) return undefined;
  return (['utf-16le', 'utf-16be'] as const).find((encoding) => isOfFewScripts(decode(encoding, sniffed)));
}

const MIN_SHARE = 0.98;
const UNLIKELY = /[\p{Cn}\p{Co}\p{Cs}\ufffd]/u;

function isOfFewScripts(text: string): boolean {
  if (UNLIKELY.test(text)) return false;
  const { ascii, largest } = scriptCounts(text);
  return largest > 0 && ascii + largest >= text.length * MIN_SHARE && isText(text, true);
}

function decode(encoding: Utf16, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** Number of leading bytes inspected to distinguish text from binary. */
const SNIFFED = 64 * 1024;

/** Superset of Latin-1 that decodes every byte. */
const LAST_RESORT = 'windows-1252';

const REPLACEMENT = 0xfffd;

/** Detects the encoding and returns the decoded text, or undefined if the content is not text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const decoded = decodeUtf16(bytes) ?? (bytes.includes(0) ? undefined : decodeWithoutNul(bytes));
  return decoded === undefined || holdsControls(decoded) ? undefined : decoded;
}

/** Detects UTF-16 by its byte order mark, or by NULs at only odd or only even positions, as in Latin text. */
function decodeUtf16(bytes: Uint8Array): string | undefined {
  const encoding = byteOrderMark(bytes) ?? sideOfNuls(bytes.subarray(0, SNIFFED));
  if (encoding === undefined) return undefined;
  const decoded = decodeAs(encoding, bytes);
  // Binary data that happens to begin with a mark has a broken surrogate in about every eighth unit.
  return countUnits(decoded).broken * 100 > decoded.length ? undefined : decoded;
}

function byteOrderMark([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

function sideOfNuls(sniffed: Uint8Array): string | undefined {
  const pairs = Math.floor(sniffed.length / 2);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs * 2; i += 2) {
    if (sniffed[i] === 0) even += 1;
    if (sniffed[i + 1] === 0) odd += 1;
  }
  if (even === 0 && odd > pairs / 2) return 'utf-16le';
  return odd === 0 && even > pairs / 2 ? 'utf-16be' : undefined;
}

/**
 * Tolerates broken bytes in UTF-8, so that one of them does not turn the whole text into mojibake. Latin-1 text has
 * almost no well-formed UTF-8 sequences, so broken units outnumber valid ones.
 */
function decodeWithoutNul(bytes: Uint8Array): string {
  const utf8 = decodeAs('utf-8', bytes);
  const { broken, beyondAscii } = countUnits(utf8);
  return broken === 0 || broken < beyondAscii ? utf8 : decodeAs(declaredCharset(bytes), bytes);
}

/** Returns the character set declared in the head of an HTML document. */
function declaredCharset(bytes: Uint8Array): string {
  const head = decodeAs(LAST_RESORT, bytes.subarray(0, 1024));
  return /<meta[^>]{0,200}charset\s{0,10}=\s{0,10}["']?([\w-]{1,40})/i.exec(head)?.[1] ?? LAST_RESORT;
}

function decodeAs(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError && encoding !== LAST_RESORT) return decodeAs(LAST_RESORT, bytes);
    throw error;
  }
}

function countUnits(text: string): { broken: number; beyondAscii: number } {
  let broken = 0;
  let beyondAscii = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === REPLACEMENT) broken += 1;
    else if (unit > 0x7f) beyondAscii += 1;
  }
  return { broken, beyondAscii };
}

/** True for binary data. Text may contain tabs, line ends, form feeds and terminal escapes, but no other controls. */
function holdsControls(text: string): boolean {
  const sniffed = Math.min(text.length, SNIFFED);
  for (let i = 0; i < sniffed; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && (unit < 0x08 || unit > 0x0d) && unit !== 0x1b) return true;
  }
  return false;
}

/** Detects the encoding of a text file from its first bytes. */

import { encodingName } from '#core/encoding-name.ts';
import { PermanentFailure } from '#core/errors.ts';
import { isUnambiguous, TEXT_ENCODINGS } from '#core/text-encodings.ts';
import { decodersOf } from '../../sources/text-decoder.ts';
import { utf16Of } from './utf16.ts';

/** Byte-order marks. The one of UTF-32 begins as the one of UTF-16 does. */
const MARKS = [
  { bytes: [0xff, 0xfe, 0, 0], encoding: 'utf-32' },
  { bytes: [0, 0, 0xfe, 0xff], encoding: 'utf-32' },
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Superset of Latin-1, the most frequent encoding of files that are not UTF-8. */
const LATIN = 'windows-1252';
const MIN_CONFIDENCE = 50;
/** Number of bytes that are compared with languages. */
const SAMPLED = 64 * 1024;
const MAX_CONTROL = 8;
const UTF8 = 'utf-8';

export interface DetectedEncoding {
  readonly encoding: string;
  /** Bytes of the byte-order mark. */
  readonly markBytes: number;
}

/** A byte-order mark decides before the definition, and the definition before the content. */
export async function encodingOf(
  head: Uint8Array,
  given: string | undefined,
  isWhole: boolean,
): Promise<DetectedEncoding> {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (mark?.encoding === 'utf-32') throw unknownEncoding('it is UTF-32');
  if (mark !== undefined) return { encoding: mark.encoding, markBytes: mark.bytes.length };
  if (given !== undefined) return { encoding: given, markBytes: 0 };
  return { encoding: await detected(head, isWhole), markBytes: 0 };
}

async function detected(head: Uint8Array, isWhole: boolean): Promise<string> {
  const utf16 = utf16Of(head);
  if (utf16 !== undefined) return utf16;
  if ((await canDecode(head, UTF8, isWhole)) || isMostlyUtf8(head)) return UTF8;
  // Loaded on demand, because most files are UTF-8.
  const { likelyEncoding } = await import('./likely-encoding.ts');
  const likely = isBinary(head)
    ? undefined
    : await likelyEncoding(head.subarray(0, SAMPLED), isWhole && head.length <= SAMPLED);
  if (likely !== undefined && (await canDecode(head, likely, isWhole))) return likely;
  const { analyse } = await import('chardet');
  const candidates = analyse(head.subarray(0, SAMPLED)).filter(
    ({ confidence }) => confidence >= MIN_CONFIDENCE,
  );
  for (const { name } of candidates) {
    const encoding = encodingName(name);
    if (encoding === undefined || encoding === UTF8 || !TEXT_ENCODINGS.includes(encoding)) continue;
    if (await canDecode(head, encoding, isWhole)) return encoding;
  }
  const latin = new TextDecoder(LATIN).decode(head);
  if (!isBinary(head) && !/[\u0080-\u009f]/.test(latin)) return LATIN;
  throw unknownEncoding('it is neither UTF-8 nor another encoding that can be recognized');
}

/** True for control characters that no text has. */
function isBinary(head: Uint8Array): boolean {
  return head.some((byte) => byte <= MAX_CONTROL);
}

function unknownEncoding(reason: string): PermanentFailure {
  return new PermanentFailure(
    'unknown-encoding',
    `the encoding of the file is not supported: ${reason}. Set 'encoding' in the definition, or convert the file to UTF-8.`,
  );
}

/** Number of valid sequences for each broken one. Latin-1 and other encodings have almost no valid sequences. */
const MIN_VALID_SEQUENCES = 4;

/**
 * A few broken bytes fail their records, instead of turning all others into other letters. Plain ASCII is valid in any
 * case. The sample may end within a character.
 */
function isMostlyUtf8(head: Uint8Array): boolean {
  const text = new TextDecoder(UTF8, { ignoreBOM: true }).decode(head, { stream: true });
  let [broken, valid] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0xfffd) broken += 1;
    else if (unit > 0x7f) valid += 1;
  }
  return broken === 0 || valid >= MIN_VALID_SEQUENCES * broken;
}

/** The sample may end within a character. */
async function canDecode(head: Uint8Array, encoding: string, isWhole: boolean): Promise<boolean> {
  const newDecoder = await decodersOf(encoding);
  const decoder = newDecoder({ fatal: true });
  try {
    decoder.decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** Returns the bytes of a text. Throws for a text that cannot separate records in this encoding. */
export function encodedSeparator(text: string, encoding: string): Buffer {
  if (isUnambiguous(text, encoding)) return encoded(text, encoding);
  throw new PermanentFailure(
    'invalid-definition',
    `recordSeparator ${JSON.stringify(text)} cannot be used with the encoding ${encoding}. Use control characters, or convert the file to UTF-8.`,
  );
}

/** Returns the bytes of a quote, unless there is none or the encoding has other characters with these bytes. */
export function encodedQuote(quote: string, encoding: string): Buffer | undefined {
  return quote !== '' && isUnambiguous(quote, encoding) ? encoded(quote, encoding) : undefined;
}

/** Texts in other encodings than Unicode are ASCII here. */
function encoded(text: string, encoding: string): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(text);
}

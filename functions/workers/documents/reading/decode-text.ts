import { TextDecoder as StandardDecoder } from '@exodus/bytes/encoding.js';
import { analyse } from 'chardet';
import { encodingName } from '#core/encoding-name.ts';
import { RIGHT_IN_NODE } from '#core/text-encodings.ts';
import { countUnits, DOS_END, isText } from './text-signs.ts';
import { decodeUtf16 } from './utf16.ts';
import { decodeUtf32 } from './utf32.ts';

/** Superset of Latin-1 that decodes every byte. */
const LAST_RESORT = 'windows-1252';

/** Number of leading bytes that may declare an encoding. */
const DECLARED_WITHIN = 4_096;

/** Detects the encoding and returns the decoded text, or undefined if the content is not text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decodeUtf32(bytes) ?? decodeUtf16(bytes) ?? decodeBytes(bytes);
  if (text === undefined) return undefined;
  const end = text.endsWith(DOS_END) ? text.length - 1 : text.length;
  return text.slice(0, end).replaceAll('\0', '');
}

/**
 * Tolerates broken bytes in UTF-8, so that one of them does not turn the whole text into mojibake. Latin-1 text has
 * almost no well-formed UTF-8 sequences, so broken units outnumber valid ones.
 */
function decodeBytes(bytes: Uint8Array): string | undefined {
  const declared = declaredEncoding(bytes) ?? escapedEncoding(bytes);
  const utf8 = decodeAs('utf-8', bytes);
  const { broken, beyondAscii } = countUnits(utf8);
  // Pages often declare another encoding than they have. Text that is valid UTF-8 by chance is very rare.
  const isUtf8 = broken === 0 ? !isSevenBit(declared) : declared === undefined && broken < beyondAscii;
  if (isUtf8) return isText(utf8, broken === 0) ? utf8 : undefined;
  // Control characters are the same in all encodings. Detecting the encoding of binary data would only take time.
  const plain = decodeAs(declared ?? LAST_RESORT, bytes);
  if (!isText(plain, broken === 0)) return undefined;
  return declared === undefined ? decodeAs(likelyEncoding(bytes), bytes) : plain;
}

/** Number of leading bytes whose letters are compared with those of languages. */
const SAMPLED = 64 * 1024;
/** Minimum confidence of the detector, in percent, and its lead over the second encoding. Others are chance. */
const MIN_CONFIDENCE = 30;
const MIN_LEAD = 10;
/** In shorter texts, chance decides. */
const MIN_BEYOND_ASCII = 10;

/** Returns the encoding that the frequencies of letters suggest, such as Shift_JIS or Windows-1251. */
function likelyEncoding(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLED);
  if (sample.filter((byte) => byte > 0x7f).length < MIN_BEYOND_ASCII) return LAST_RESORT;
  const [best, second] = analyse(sample).filter(({ name }) => canDecode(sample, name));
  if (best === undefined || best.confidence < MIN_CONFIDENCE) return LAST_RESORT;
  if (best.confidence - (second?.confidence ?? 0) < MIN_LEAD) return LAST_RESORT;
  // Windows-1252 is a superset of Latin-1.
  return best.name === 'ISO-8859-1' ? LAST_RESORT : best.name;
}

function canDecode(sample: Uint8Array, encoding: string): boolean {
  try {
    // The sample may end within a character.
    decoderOf(encoding, { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** True for encodings that use only ASCII bytes, so that their texts are valid UTF-8 too. */
function isSevenBit(encoding: string | undefined): boolean {
  return encoding === 'iso-2022-jp';
}

/** Escape sequences that select the Japanese characters, and ASCII again. */
const TO_JAPANESE = ['\x1b$B', '\x1b$@'];
const TO_ASCII = ['\x1b(B', '\x1b(J'];

/** Returns the encoding that switches between character sets by escape sequences. */
function escapedEncoding(bytes: Uint8Array): 'iso-2022-jp' | undefined {
  const sample = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SAMPLED));
  const has = (escapes: readonly string[]) => escapes.some((sequence) => sample.includes(sequence));
  return has(TO_JAPANESE) && has(TO_ASCII) ? 'iso-2022-jp' : undefined;
}

const XML_DECLARATION = /^\s*<\?xml\s[^>]{0,200}?encoding\s{0,10}=\s{0,10}["']([\w.:-]{1,40})["']/i;
const META = /<meta[^>]{0,200}charset\s{0,10}=\s{0,10}["']?([\w.:-]{1,40})/i;

/** Returns the encoding that an HTML or XML document declares, by its standard name, unless it is unknown or UTF-8. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = decodeAs(LAST_RESORT, bytes.subarray(0, DECLARED_WITHIN));
  const label = XML_DECLARATION.exec(head)?.[1] ?? META.exec(head)?.[1];
  const encoding = label === undefined ? undefined : encodingName(label);
  // The declaration itself is readable, so the document is not UTF-16.
  return encoding?.startsWith('utf-') ? undefined : encoding;
}

function decodeAs(encoding: string, bytes: Uint8Array): string {
  return decoderOf(encoding, { fatal: false }).decode(bytes);
}

/** Returns a decoder by a label of the Encoding Standard. Throws a RangeError for any other label. */
export function decoderOf(label: string, options: { readonly fatal: boolean }) {
  const encoding = encodingName(label);
  if (encoding === undefined) throw new RangeError(`the encoding '${label}' is not known`);
  return RIGHT_IN_NODE.includes(encoding)
    ? new TextDecoder(encoding, options)
    : new StandardDecoder(encoding, options);
}

/** Encodings of text, by their names in the WHATWG Encoding Standard. */
import { encodingName } from './encoding-name.ts';

/** Encodings of files that can be read. ISO-2022-JP is not one of them, because its bytes depend on those before them. */
export const TEXT_ENCODINGS: readonly string[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  ...numbered('windows', [874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258]),
  ...numbered('iso-8859', [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16]),
  'iso-8859-8-i',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
  'x-mac-cyrillic',
  'shift_jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'euc-kr',
];

function numbered(name: string, numbers: readonly number[]): string[] {
  return numbers.map((number) => `${name}-${number}`);
}

const MAX_SHOWN = 40;

/** Returns the reason why no file can be read in the encoding with this label, if there is one. */
export function encodingProblem(label: string): string | undefined {
  const name = encodingName(label);
  if (name !== undefined && TEXT_ENCODINGS.includes(name)) return undefined;
  const shown = JSON.stringify(label.slice(0, MAX_SHOWN).toWellFormed());
  return `${shown} is not supported. Use a label of ${TEXT_ENCODINGS.join(', ')}`;
}

/**
 * Encodings that Node decodes as the standard requires. Others it decodes, without an error, to other characters than all
 * browsers do. For example, it lacks most syllables of Korean files that were written on Windows, and exchanges control
 * characters of Shift_JIS.
 */
export const RIGHT_IN_NODE: readonly string[] = ['utf-8', 'utf-16le', 'utf-16be', 'gbk', 'gb18030'];

/** ASCII characters that are never the second or fourth byte of a character. In other encodings, none is. */
const NEVER_TRAILS: Readonly<Record<string, RegExp>> = {
  shift_jis: /[\0-?\x7f]/,
  big5: /[\0-?\x7f]/,
  'euc-kr': /[\0-@[-`{-\x7f]/,
  // Four bytes of a character contain two digits.
  gbk: /[\0-/:-?\x7f]/,
  gb18030: /[\0-/:-?\x7f]/,
};

/** True if the bytes of the text, wherever they occur in a file with this encoding, are this text and nothing else. */
export function isUnambiguous(text: string, encoding: string): boolean {
  if (encoding.startsWith('utf-')) return true;
  // Trailing bytes follow a byte beyond ASCII, so only the first character can be one.
  return /^[\0-\x7f]+$/.test(text) && (NEVER_TRAILS[encoding]?.test(text[0] ?? '') ?? true);
}

/** Decodes file names in archives, and detects the encoding that fits best. */
import type { Decoder } from '#core/decode-text.ts';
import { NAME_ENCODINGS, type NameEncoding } from './archive-encodings.ts';
import { decodersOf } from './text-decoder.ts';

/** Bytes 0x80 to 0xff of the code pages that the platform does not decode. */
const CODE_PAGES: Readonly<Partial<Record<NameEncoding, string>>> = {
  ibm437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

export async function decodeName(bytes: Uint8Array, encoding: NameEncoding): Promise<string> {
  return (await decoderOf(encoding, { fatal: false })).decode(bytes);
}

async function decoderOf(encoding: NameEncoding, options: { readonly fatal: boolean }): Promise<Decoder> {
  const upperHalf = CODE_PAGES[encoding];
  if (upperHalf === undefined) return (await decodersOf(encoding))(options);
  return { decode: (bytes) => decodeCodePage(bytes as Uint8Array, upperHalf) };
}

function decodeCodePage(bytes: Uint8Array, upperHalf: string): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : (upperHalf[byte - 0x80] ?? ''),
  ).join('');
}

/** Returns the encoding with the most plausible names; the first in the list above if several are equal. */
export async function detectNameEncoding(names: readonly Uint8Array[]): Promise<NameEncoding> {
  let best: { readonly encoding: NameEncoding; readonly score: number } | undefined;
  for (const encoding of NAME_ENCODINGS) {
    const decoder = await decoderOf(encoding, { fatal: true });
    const score = plausibility(names, encoding, decoder);
    if (score !== undefined && (best === undefined || score > best.score)) best = { encoding, score };
  }
  return best?.encoding ?? NAME_ENCODINGS[0];
}

/** Returns the mean score of the characters outside of ASCII, or `undefined` if a name is not valid in the encoding. */
function plausibility(
  names: readonly Uint8Array[],
  encoding: NameEncoding,
  decoder: Decoder,
): number | undefined {
  let score = 0;
  let count = 0;
  for (const name of names) {
    const pairs = pairsOf(name, encoding, decoder);
    if (pairs === undefined) return undefined;
    for (const [at, { text, lead }] of pairs.entries()) {
      if (/^[\0-\x7f]$/.test(text)) continue;
      count += 1;
      const before = pairs[at - 1]?.text ?? '';
      const after = pairs[at + 1]?.text ?? '';
      score += scoreOf(text, lead, encoding) - capitalInWord(before, text, after);
      score -= clashOf(before, text) + clashOf(after, text);
    }
  }
  return count === 0 ? 0 : score / count;
}

interface Character {
  readonly text: string;
  /** The first byte. */
  readonly lead: number;
}

function pairsOf(name: Uint8Array, encoding: NameEncoding, decoder: Decoder): Character[] | undefined {
  const isDouble = DOUBLE_BYTE.has(encoding);
  const characters: Character[] = [];
  for (let at = 0; at < name.length; ) {
    const lead = name[at] ?? 0;
    const length = isDouble && isLead(lead, encoding) ? 2 : 1;
    const bytes = name.subarray(at, at + length);
    try {
      characters.push({ text: decoder.decode(bytes), lead });
    } catch {
      return undefined;
    }
    at += length;
  }
  return characters;
}

const DOUBLE_BYTE: ReadonlySet<NameEncoding> = new Set(['shift_jis', 'gbk', 'big5', 'euc-kr']);

/** True for the first byte of two. Shift_JIS has katakana of one byte. */
function isLead(byte: number, encoding: NameEncoding): boolean {
  return byte > 0x80 && !(encoding === 'shift_jis' && byte >= 0xa0 && byte <= 0xdf);
}

/** First bytes of the common characters, which each standard lists before the rare ones. */
const COMMON_LEADS: Readonly<Partial<Record<NameEncoding, readonly [number, number]>>> = {
  shift_jis: [0x88, 0x98],
  gbk: [0xb0, 0xd7],
  big5: [0xa4, 0xc6],
};

function scoreOf(text: string, lead: number, encoding: NameEncoding): number {
  // Other scripts that the double-byte standards contain are rare in names.
  if (DOUBLE_BYTE.has(encoding)) return scoreOfEastAsian(text, lead, encoding);
  if (/[А-яЁёÀ-ÖØ-öø-ÿ]/.test(text)) return 2;
  if (/\p{L}/u.test(text)) return 0;
  return /[\u2500-\u259f\p{Cc}]/u.test(text) ? -3 : -1;
}

function scoreOfEastAsian(text: string, lead: number, encoding: NameEncoding): number {
  if (/[\uff61-\uff9f]/.test(text)) return -1;
  if (/[\p{Script=Hiragana}\p{Script=Katakana}ー]/u.test(text)) return encoding === 'shift_jis' ? 3 : -1;
  if (/\p{Script=Hangul}/u.test(text)) return encoding === 'euc-kr' && lead >= 0xb0 ? 3 : -1;
  if (!/\p{Script=Han}/u.test(text)) return /[\u3000-\u303f\uff00-\uff60]/.test(text) ? 1 : -2;
  const [first, last] = COMMON_LEADS[encoding] ?? [0x100, 0];
  return lead >= first && lead <= last ? 2 : -1;
}

const LETTER = /\p{L}/u;
const SCRIPTS = [/[A-Za-z\u00c0-\u024f]/, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** Returns the deduction for neighbours that one word rarely contains. */
function clashOf(neighbour: string, text: string): number {
  if (!LETTER.test(neighbour) || !LETTER.test(text)) return 0;
  if (scriptOf(neighbour) !== scriptOf(text)) return 1.5;
  return isAccented(neighbour) && isAccented(text) ? 0.5 : 0;
}

function isAccented(letter: string): boolean {
  return /[\u00c0-\u024f]/.test(letter);
}

/** Returns the deduction for a capital after a small letter, or between a letter and a small letter. */
function capitalInWord(before: string, text: string, after: string): number {
  const isInWord = /\p{Ll}/u.test(before) || (LETTER.test(before) && /\p{Ll}/u.test(after));
  return isInWord && /\p{Lu}/u.test(text) ? 1 : 0;
}

function scriptOf(letter: string): number {
  return SCRIPTS.findIndex((script) => script.test(letter));
}

/** Texts of many languages, and the encodings in which their files are written. */
import { decodersOf } from '../../../../functions/sources/text-decoder.ts';

export interface Sample {
  readonly locale: string;
  readonly encodings: readonly string[];
}

const WESTERN = ['windows-1252'];
const CENTRAL = ['windows-1250', 'iso-8859-2'];

export const SAMPLES: readonly Sample[] = [
  ...['de', 'fr', 'es', 'pt', 'it', 'sv', 'da', 'nb', 'fi', 'is', 'nl', 'ca'].map((locale) => ({
    locale,
    encodings: WESTERN,
  })),
  ...['pl', 'cs', 'sk', 'hu', 'hr', 'sl'].map((locale) => ({ locale, encodings: CENTRAL })),
  { locale: 'tr', encodings: ['windows-1254'] },
  ...['lt', 'lv', 'et'].map((locale) => ({ locale, encodings: ['windows-1257'] })),
  { locale: 'ru', encodings: ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'] },
  { locale: 'uk', encodings: ['windows-1251', 'koi8-u'] },
  { locale: 'bg', encodings: ['windows-1251'] },
  { locale: 'sr', encodings: ['windows-1251', 'iso-8859-5'] },
  { locale: 'el', encodings: ['windows-1253', 'iso-8859-7'] },
  { locale: 'he', encodings: ['windows-1255'] },
  { locale: 'ar', encodings: ['windows-1256', 'iso-8859-6'] },
  { locale: 'th', encodings: ['windows-874'] },
  { locale: 'ja', encodings: ['shift_jis', 'euc-jp'] },
  { locale: 'zh', encodings: ['gbk'] },
  { locale: 'zh-Hant', encodings: ['big5'] },
  { locale: 'ko', encodings: ['euc-kr'] },
];

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Names of countries in a language, which ICU contains, if they are not plain ASCII. */
export function wordsOf(locale: string): string[] {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  const codes = Array.from(LETTERS, (first) => Array.from(LETTERS, (second) => first + second)).flat();
  const words = codes.map((code) => names.of(code) ?? '').filter((word) => /[^\0-\x7f]/.test(word));
  return words.toSorted((one, other) => one.length - other.length || (one < other ? -1 : 1));
}

/** Returns a CSV file with about this many bytes. Every row has one of the words. */
export function tableOf(words: readonly string[], bytes: number, start: number): string {
  let table = 'id,name\n';
  for (let row = 0; table.length < bytes; row += 1)
    table += `${row + 1},${words[(7 * row + start) % words.length]}\n`;
  return table;
}

const encoders = new Map<string, Map<string, number[]>>();

/** Encodes a text by the inverse of the decoder. Characters that do not exist become question marks. */
export async function encode(text: string, encoding: string): Promise<Buffer> {
  const table = encoders.get(encoding) ?? (await tableFor(encoding));
  encoders.set(encoding, table);
  return Buffer.from(Array.from(text).flatMap((sign) => table.get(sign) ?? table.get('?') ?? []));
}

async function tableFor(encoding: string): Promise<Map<string, number[]>> {
  const newDecoder = await decodersOf(encoding);
  const decoder = newDecoder({ fatal: false });
  const table = new Map<string, number[]>();
  const add = (bytes: number[]) => {
    const sign = decoder.decode(Uint8Array.from(bytes));
    if ([...sign].length === 1 && sign !== '\ufffd' && !table.has(sign)) table.set(sign, bytes);
  };
  for (let byte = 0; byte < 256; byte += 1) add([byte]);
  if (!/^(shift_jis|euc-|gb|big5)/.test(encoding)) return table;
  for (let lead = 0x81; lead < 0xff; lead += 1)
    for (let trail = 0x40; trail < 0xff; trail += 1) add([lead, trail]);
  return table;
}

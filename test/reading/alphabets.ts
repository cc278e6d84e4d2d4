/** Characters for generated files, by encoding. */

export interface Encoding {
  /** For the definition. `undefined`: `lines` finds the encoding by the byte-order mark, or because it is UTF-8. */
  readonly label?: string;
  /** Name of the codec in Python. */
  readonly codec: string;
  readonly hasMark: boolean;
  /** Some characters contain the byte of a comma, quote, backslash, bar or line break as one of their bytes. */
  readonly characters: readonly string[];
}

const LATIN = [...'abcxyzABC019 .-_/@éüñß'];
const UNICODE = [
  ...[...LATIN, ...'ψωЖя中文字日本語한국어שלום'],
  // Line separators of Unicode, which do not end a record.
  ...['\u0085', '\u2028', '\u2029', '\v', '\f'],
  // In UTF-16, their bytes include those of a line break, a quote and a comma.
  ...['\u0a0a', '\u0d0a', '\u0a0d', '\u220a', '\u2c22', '\u222c', '\u5c0a'],
  // Outside the Basic Multilingual Plane, and a combined character.
  ...['😀', '𝄞', '👩‍👩‍👧', 'e\u0301'],
];

export const ENCODINGS: readonly Encoding[] = [
  { codec: 'utf-8', hasMark: false, characters: UNICODE },
  { codec: 'utf-8', hasMark: true, characters: UNICODE },
  { codec: 'utf-16-le', hasMark: true, characters: UNICODE },
  { codec: 'utf-16-be', hasMark: true, characters: UNICODE },
  { label: 'utf-16le', codec: 'utf-16-le', hasMark: false, characters: UNICODE },
  { label: 'utf-16be', codec: 'utf-16-be', hasMark: false, characters: UNICODE },
  { label: 'windows-1252', codec: 'cp1252', hasMark: false, characters: [...LATIN, ...'€…–“”Ž'] },
  { label: 'iso-8859-2', codec: 'iso-8859-2', hasMark: false, characters: [...'abc019 .-ąęłńśźżÁŔ'] },
  { label: 'iso-8859-15', codec: 'iso-8859-15', hasMark: false, characters: [...LATIN, ...'€ŠžŒœ'] },
  { label: 'windows-1251', codec: 'cp1251', hasMark: false, characters: [...'abc019 .-ЖяЁёщъ№'] },
  { label: 'shift_jis', codec: 'cp932', hasMark: false, characters: [...'abc019 .-ソ表能ポ十予ア日本ｱｲ'] },
  { label: 'gbk', codec: 'gbk', hasMark: false, characters: [...'abc019 .-中文字乗亅亊俓倈慭'] },
  { label: 'big5', codec: 'big5', hasMark: false, characters: [...'abc019 .-功許蓋中文字育'] },
  { label: 'euc-kr', codec: 'cp949', hasMark: false, characters: [...'abc019 .-한국어가나다똠방각'] },
];

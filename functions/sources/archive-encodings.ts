/** Encodings that the names in an archive can have. */
export const NAME_ENCODINGS = [
  'ibm437',
  'ibm850',
  'windows-1252',
  'ibm866',
  'windows-1251',
  'shift_jis',
  'gbk',
  'big5',
  'euc-kr',
] as const;
export type NameEncoding = (typeof NAME_ENCODINGS)[number];

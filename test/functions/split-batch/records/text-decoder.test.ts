import { expect, test } from 'vitest';
import { decodersOf } from '../../../../functions/sources/text-decoder.ts';
import { readLinesFile } from './read-lines-file.ts';

const fromHex = (hex: string) => Buffer.from(hex, 'hex');

test.each([
  ['euc-kr', '8c63b0a1', '똠가'],
  ['big5', '8740a4a4', '䏰中'],
  ['euc-jp', 'a4a28ea7', 'あｧ'],
  ['shift_jis', '835c95f1', 'ソ報'],
  ['shift_jis', '1a7f41', '\x1a\x7fA'],
  ['iso-8859-16', 'a4aa', '€Ș'],
  ['windows-1252', '80e9', '€é'],
])('reads %s as the Encoding Standard says', async (encoding, hex, text) => {
  const found = await readLinesFile(fromHex(hex), { encoding });

  expect(found).toEqual([{ id: '0:1', payload: { line: text } }]);
});

test.each(['big5', 'euc-jp', 'euc-kr', 'shift_jis', 'utf-8'])(
  'refuses bytes that are no %s',
  async (encoding) => {
    const newDecoder = await decodersOf(encoding);

    expect(() => newDecoder({ fatal: true }).decode(fromHex('61ff62'))).toThrow(TypeError);
  },
);

test.each([
  // The letter or sign is also the second byte of a character: 똠, 佞, 丄, ソ, and a character of four bytes.
  ['euc-kr', 'c'],
  ['big5', '|'],
  ['gbk', '|'],
  ['shift_jis', '\\'],
  ['gb18030', '1'],
  ['gbk', '1'],
  ['windows-1252', '§'],
])('in %s, records cannot be separated by %j', async (encoding, recordSeparator) => {
  const definition = { encoding, recordSeparator };

  await expect(readLinesFile('a', definition)).rejects.toMatchObject({ code: 'invalid-definition' });
});

test.each([
  ['euc-kr', '|', '8c637cb0a1', ['똠', '가']],
  ['euc-jp', '|', 'a4a27c8ea7', ['あ', 'ｧ']],
  ['gb18030', '\n1', '81308130310a3141', ['\x801', 'A']],
  ['shift_jis', ';|', '835c3b7c837c', ['ソ', 'ポ']],
])('in %s, records can be separated by %j', async (encoding, recordSeparator, hex, lines) => {
  const found = await readLinesFile(fromHex(hex), { encoding, recordSeparator });

  expect(found.map(({ payload }) => payload)).toEqual(lines.map((line) => ({ line })));
});

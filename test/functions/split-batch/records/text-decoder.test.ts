import { expect, test } from 'vitest';
import { textDecoder } from '../../../../functions/split-batch/records/text-decoder.ts';
import { readLinesFile } from './read-lines-file.ts';

const fromHex = (hex: string) => Buffer.from(hex, 'hex');

test.each([
  ['euc-kr', '8c63b0a1', '똠가'],
  ['big5', '8740a4a4', '䏰中'],
  ['euc-jp', 'a4a28ea7', 'あｧ'],
  ['shift_jis', '835c95f1', 'ソ報'],
  ['windows-1252', '80e9', '€é'],
])('reads %s as the Encoding Standard says', async (encoding, hex, text) => {
  const found = await readLinesFile(fromHex(hex), { encoding });

  expect(found).toEqual([{ id: '0:1', payload: { line: text } }]);
});

test.each(['big5', 'euc-jp', 'euc-kr', 'shift_jis', 'utf-8'])(
  'refuses bytes that are no %s',
  async (encoding) => {
    const decoder = await textDecoder(encoding, { fatal: true });

    expect(() => decoder.decode(fromHex('61ff62'))).toThrow(TypeError);
  },
);

import { expect, test } from 'vitest';
import { decodeText } from '../../../../../functions/workers/documents/reading/decode-text.ts';

const big = (text: string) => Buffer.from(text, 'utf16le').swap16();

test.each([
  ['UTF-8', 'Grüße, 世界', Buffer.from('Grüße, 世界')],
  ['UTF-8 with a mark', 'Grüße', Buffer.from('\uFEFFGrüße')],
  ['UTF-16 with a mark', 'Grüße, 世界', Buffer.from('\uFEFFGrüße, 世界', 'utf16le')],
  ['big-endian UTF-16 with a mark', 'Grüße, 世界', big('\uFEFFGrüße, 世界')],
  ['UTF-16 without a mark', 'Grüße aus Wien', Buffer.from('Grüße aus Wien', 'utf16le')],
  ['big-endian UTF-16 without a mark', 'Grüße aus Wien', big('Grüße aus Wien')],
  ['Latin-1', 'Grüße à tous', Buffer.from('Grüße à tous', 'latin1')],
  ['Windows-1252', '“12 €”', Buffer.from('93313220' + '8094', 'hex')],
])('%s is decoded', (_, text, bytes) => {
  expect(decodeText(bytes)).toBe(text);
});

test('an HTML page is decoded by the encoding that it declares', () => {
  const page = Buffer.concat([Buffer.from('<meta charset="Shift_JIS">'), Buffer.from('93fa967b8cea', 'hex')]);

  expect(decodeText(page)).toBe('<meta charset="Shift_JIS">日本語');
});

test('an unknown encoding is not a failure', () => {
  expect(decodeText(Buffer.from('<meta charset=x-none>\xe9', 'latin1'))).toBe('<meta charset=x-none>é');
});

test('one broken byte does not affect the rest of a UTF-8 text', () => {
  const bytes = Buffer.concat([Buffer.from('é'.repeat(10)), Buffer.from([0xff])]);

  expect(decodeText(bytes)).toBe(`${'é'.repeat(10)}\uFFFD`);
});

test.each([
  ['a NUL', Buffer.from('text\0text')],
  ['control characters', Buffer.from('\u0001\u0002text')],
  [
    'the mark of UTF-16 before noise',
    Buffer.from([0xff, 0xfe, ...Array.from({ length: 999 }, (_, i) => (i * 89) % 256)]),
  ],
])('%s means binary', (_, bytes) => {
  expect(decodeText(bytes)).toBeUndefined();
});

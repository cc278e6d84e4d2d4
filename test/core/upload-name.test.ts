import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNameOf } from '#core/source-name.ts';
import { decodeUploadName, encodeUploadName } from '#core/upload-name.ts';

const ULID = '01k0abcdefghjkmnpqrstvwxyz';

test('every file name survives the id of its upload, in characters that URLs and keys allow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }), (name) => {
      const encoded = encodeUploadName(name);

      expect(encoded).toMatch(/^[\w.~-]+$/);
      expect(encoded.length).toBeLessThanOrEqual(3 * name.length + 5);
      expect(decodeUploadName(encoded)).toBe(name);
    }),
  );
});

test.each([
  'Größe Übersicht.txt',
  '日本語.txt',
  '🎉.txt',
  'a~b~.txt',
  'a#entry=b.txt',
  'a/b.txt',
  '100%.txt',
])('the name of an upload is exact: %s', (name) => {
  expect(fileNameOf(`upload:${ULID}-${encodeUploadName(name)}`)).toBe(name);
});

test('names that were never encoded are kept', () => {
  expect(fileNameOf(`upload:${ULID}-a~b.txt`)).toBe('a~b.txt');
  expect(fileNameOf(`upload:${ULID}-a b.txt`)).toBe('a b.txt');
});

/** The encoding of files without a byte-order mark is detected, also of short ones. */
import { describe, expect, test } from 'vitest';
import { decodersOf } from '../../../../functions/sources/text-decoder.ts';
import { encodingOf } from '../../../../functions/split-batch/records/encoding.ts';
import { encode, SAMPLES, tableOf, wordsOf } from './language-samples.ts';

const TRIES = 15;

/**
 * Minimum share of the files that are read exactly, over all languages and encodings, by the length of the files. In the
 * comments is the share that the detector of 2026-11-26 had for the same files.
 */
const EXPECTED: readonly (readonly [bytes: number, share: number])[] = [
  [30, 0.87], // 0.41
  [60, 0.94], // 0.44
  [100, 0.95], // 0.43
  [300, 0.97], // 0.40
  [1_000, 0.95], // 0.39
  [10_000, 0.97], // 0.39
];

/** Languages that the earlier detector read without a fault. The new one may be wrong for one file of a length. */
const WESTERN = ['de', 'fr', 'es', 'pt', 'it', 'sv', 'da', 'nb', 'fi', 'is', 'nl', 'ca', 'ja'];

async function shareRead(locale: string, encoding: string, bytes: number): Promise<number> {
  const words = wordsOf(locale);
  const newDecoder = await decodersOf(encoding);
  const tries = bytes > 500 ? 3 : TRIES;
  let read = 0;
  for (let start = 0; start < tries; start += 1) {
    const file = await encode(tableOf(words, bytes, start), encoding);
    const found = await encodingOf(file, undefined, true).catch(() => undefined);
    const foundDecoder = await decodersOf(found?.encoding ?? 'utf-8');
    // Different encodings may be the same for this text.
    const isSame = foundDecoder({ fatal: false }).decode(file) === newDecoder({ fatal: false }).decode(file);
    read += isSame ? 1 : 0;
  }
  return read / tries;
}

test.each(EXPECTED)('files of %i bytes are read as they were written', async (bytes, expected) => {
  const shares: number[] = [];
  for (const { locale, encodings } of SAMPLES) {
    for (const encoding of encodings) {
      const share = await shareRead(locale, encoding, bytes);
      shares.push(share);
      if (WESTERN.includes(locale)) expect(share, `${locale} in ${encoding}`).toBeGreaterThan(0.85);
    }
  }

  expect(shares.reduce((sum, share) => sum + share) / shares.length).toBeGreaterThanOrEqual(expected);
});

describe('UTF-16 without a mark is read in both byte orders', () => {
  test.each(['de', 'ru', 'el', 'ar', 'he', 'th', 'ja', 'zh', 'ko'])('%s', async (locale) => {
    const text = `${wordsOf(locale).slice(0, 60).join('')}\n${wordsOf(locale).slice(0, 9).join('\n')}\n`;
    const little = Buffer.from(text, 'utf16le');

    expect((await encodingOf(little, undefined, true)).encoding).toBe('utf-16le');
    expect((await encodingOf(Buffer.from(little).swap16(), undefined, true)).encoding).toBe('utf-16be');
  });
});

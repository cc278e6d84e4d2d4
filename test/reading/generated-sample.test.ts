import { expect, test } from 'vitest';
import { csvDifferences } from './compared-csv.ts';
import { jsonDifferences } from './compared-json.ts';
import { COMBINATIONS } from './csv-files.ts';

/** Has no common divisor with the number of combinations, so that the sample has every encoding, separator and quoting. */
const STRIDE = 29;
const CSV_FILES = 16;
const JSON_FILES = 4;

test('lines reads a sample of generated CSV files as Python does', async () => {
  const seeds = Array.from({ length: CSV_FILES }, (_, position) => (position * STRIDE) % COMBINATIONS);

  expect(await csvDifferences(seeds)).toEqual([]);
});

test('lines reads a sample of generated JSON Lines files as Python does', async () => {
  const seeds = Array.from({ length: JSON_FILES }, (_, seed) => seed);

  expect(await jsonDifferences(seeds)).toEqual([]);
});

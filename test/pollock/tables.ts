/** Reads and writes tables in the form of the benchmark's results: plain CSV. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Table } from './score.ts';

/** First line of a result if the reader refused the file. */
const REFUSED = 'Application Error';

/** Returns `undefined` for the result of a reader that refused the file. */
export function readTable(path: string): Table | undefined {
  const text = readFileSync(path, 'utf8');
  if (text.split(/\r?\n/, 1)[0] === REFUSED) return undefined;
  const rows: string[][] = parse(text, { bom: true, relax_column_count: true, relax_quotes: true });
  // Python's csv reads a blank line as a record without cells.
  return rows.map((row) => (row.length === 1 && row[0] === '' ? [] : row));
}

export function writeTable(path: string, table: Table | undefined, reason = ''): void {
  const text = table === undefined ? `${REFUSED}\n${reason}\n` : table.map(csvLine).join('');
  writeFileSync(path, text);
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
}

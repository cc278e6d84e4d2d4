/**
 * The measures of the benchmark Pollock for one loaded file: its success, and the precision, recall and F1 of header, records
 * and cells against the clean version. Their sum is the file's score, 10 at most.
 */
import { normalizedCell } from './normalized-cell.ts';

export type Table = readonly (readonly string[])[];

export interface Measures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface FileScore {
  readonly success: number;
  readonly header: Measures;
  readonly record: Measures;
  readonly cell: Measures;
  readonly sum: number;
}

const FULL: Measures = { precision: 1, recall: 1, f1: 1 };
const NONE: Measures = { precision: 0, recall: 0, f1: 0 };

/** `loaded` is `undefined` if the reader refused the file. */
export function scoreFile(clean: Table, loaded: Table | undefined): FileScore {
  if (loaded === undefined) return withSum({ success: 0, header: NONE, record: NONE, cell: NONE });
  if (clean.length === 0) return withSum({ success: 1, header: FULL, record: FULL, cell: FULL });
  return withSum({
    success: 1,
    header: compared(headerOf(clean), headerOf(loaded)),
    record: compared(recordsOf(clean), recordsOf(loaded)),
    // The benchmark normalizes the cells of headers and records, but not these.
    cell: compared(clean.flat(), loaded.flat()),
  });
}

function withSum(score: Omit<FileScore, 'sum'>): FileScore {
  const measures = [score.header, score.record, score.cell];
  const sum = measures.reduce((total, { precision, recall, f1 }) => total + precision + recall + f1, 0);
  return { ...score, sum: score.success + sum };
}

function headerOf(table: Table): string[] {
  return (table[0] ?? []).map(normalizedCell);
}

function recordsOf(table: Table): string[] {
  return table.slice(1).map((cells) => cells.map(normalizedCell).join(''));
}

/** Compares two multisets as the benchmark does: what it calls precision divides by the size of the clean one. */
function compared(clean: readonly string[], loaded: readonly string[]): Measures {
  if (clean.length === 0) return FULL;
  const counts = new Map<string, number>();
  for (const value of clean) counts.set(value, (counts.get(value) ?? 0) + 1);
  let shared = 0;
  for (const value of loaded) {
    const left = counts.get(value) ?? 0;
    if (left === 0) continue;
    shared += 1;
    counts.set(value, left - 1);
  }
  if (shared === 0) return NONE;
  const precision = shared / clean.length;
  const recall = shared / loaded.length;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

/** Finds the delimiter of a CSV file in its first lines. */
import { csvFields } from './csv-fields.ts';
import type { CsvSyntax } from './grammar.ts';

/** Most frequent first, which decides between delimiters that fit equally. */
const CANDIDATES = [',', ';', '\t', '|', ':', '^', '~', ' '];
const MAX_LINES = 200;

/** Returns the delimiter that a line of the form `sep=;` names, which spreadsheets write before the header. */
export function delimiterIn(line: string): string | undefined {
  return /^sep=(.)\r?$/iu.exec(line)?.[1];
}

/** Returns the delimiter that splits most lines into the same number of fields, or a comma if none does. */
export function detectDelimiter(lines: readonly string[], syntax: Omit<CsvSyntax, 'delimiter'>): string {
  const sample = lines.filter((line) => line.trim() !== '').slice(0, MAX_LINES);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of CANDIDATES) {
    const score = scoreOf(sample, { ...syntax, delimiter });
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Share of the lines that have the most frequent number of fields, if that is at least two. */
function scoreOf(sample: readonly string[], syntax: CsvSyntax): number {
  const counts = new Map<number, number>();
  for (const line of sample) {
    const result = csvFields(line, syntax);
    const count = result.kind === 'fields' ? result.fields.length : 0;
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  let most = 0;
  for (const [count, lines] of counts) if (count > 1) most = Math.max(most, lines);
  return most / sample.length;
}

/** Finds the delimiter of a CSV file in its first lines. */
import { csvFields } from './csv-fields.ts';
import type { CsvSyntax } from './grammar.ts';

/** Most frequent first, which decides between delimiters that fit equally. */
const CANDIDATES = [',', ';', '\t', '|', ':', '^', '~', ' '];
const COMMA_SPACE = ', ';
/** Texts also contain commas with a space. */
const MIN_SPACED_SHARE = 0.9;
const MAX_LINES = 200;

/** Returns the delimiter that a line of the form `sep=;` names, which spreadsheets write before the header. */
export function delimiterIn(line: string): string | undefined {
  return /^sep=(.)\r?$/iu.exec(line)?.[1];
}

type Quotes = Omit<CsvSyntax, 'delimiter'>;

/** Returns the delimiter that splits most lines into the same number of fields, or a comma if none does. */
export function detectDelimiter(lines: readonly string[], quotes: Quotes): string {
  const sample = sampleOf(lines);
  let best = { delimiter: ',', ...fitOf(sample, { ...quotes, delimiter: ',' }) };
  for (const delimiter of CANDIDATES) {
    const fit = fitOf(sample, { ...quotes, delimiter });
    if (fit.share > best.share) best = { delimiter, ...fit };
  }
  if (best.delimiter !== ',') return best.delimiter;
  // A space after every comma belongs to the delimiter, otherwise quotes behind it would be text.
  const spaced = fitOf(sample, { ...quotes, delimiter: COMMA_SPACE });
  const isSpaced = spaced.fields === best.fields ? spaced.share >= best.share : spaced.share > best.share;
  return isSpaced && spaced.share >= MIN_SPACED_SHARE ? COMMA_SPACE : ',';
}

/** Returns the single quote if fields are in single quotes and none is in double quotes. */
export function detectQuote(lines: readonly string[]): string {
  const sample = sampleOf(lines);
  const inSingleQuotes = sample.filter((line) => /(^|[,;|\t])'[^']*'($|[,;|\t])/.test(line)).length;
  return inSingleQuotes > 1 && !sample.some((line) => line.includes('"')) ? "'" : '"';
}

function sampleOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '').slice(0, MAX_LINES);
}

/** Most frequent number of fields above one, and the share of the lines that have it. */
function fitOf(sample: readonly string[], syntax: CsvSyntax): { fields: number; share: number } {
  const counts = new Map<number, number>();
  for (const line of sample) {
    const result = csvFields(line, syntax);
    const count = result.kind === 'fields' ? result.fields.length : 0;
    if (count > 1) counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  const [fields = 0, lines = 0] = [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return { fields, share: sample.length === 0 ? 0 : lines / sample.length };
}

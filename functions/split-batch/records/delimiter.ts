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
export function delimiterIn(line: string, { quote, escape: mark }: Quotes): string | undefined {
  const delimiter = /^sep=(.)\r?$/iu.exec(line)?.[1];
  return delimiter === quote || delimiter === mark ? undefined : delimiter;
}

type Quotes = Omit<CsvSyntax, 'delimiter'>;

/** Returns the delimiter that splits most lines into the same number of fields, or a comma if none does. */
export function detectDelimiter(lines: readonly string[], quotes: Quotes): string {
  const sample = sampleOf(lines);
  const candidates = CANDIDATES.filter((one) => one !== quotes.quote && one !== quotes.escape);
  let best = { delimiter: candidates[0] ?? ',', fields: 0, share: 0 };
  for (const delimiter of candidates) {
    const fit = fitOf(sample, { ...quotes, delimiter });
    if (fit.share > best.share) best = { delimiter, ...fit };
  }
  if (best.delimiter !== ',') return best.delimiter;
  // A space after every comma belongs to the delimiter, otherwise quotes behind it would be text.
  const spaced = fitOf(sample, { ...quotes, delimiter: COMMA_SPACE });
  const isSpaced = spaced.fields === best.fields ? spaced.share >= best.share : spaced.share > best.share;
  return isSpaced && spaced.share >= MIN_SPACED_SHARE ? COMMA_SPACE : ',';
}

/** Single quotes are more often apostrophes, so there must be a few fields in them, and many more than in double quotes. */
const MIN_SINGLE_QUOTED = 2;
const MIN_LEAD = 4;

/** Returns the single quote if fields are in single quotes, and with them the lines fit a delimiter as well or better. */
export function detectQuote(lines: readonly string[]): string {
  const sample = sampleOf(lines);
  const quoted = (quote: string) => {
    const field = new RegExp(`(?<=^|[,;|\\t] ?)${quote}[^${quote}]*${quote}(?=$|[,;|\\t])`, 'g');
    return sample.reduce((sum, line) => sum + (line.match(field)?.length ?? 0), 0);
  };
  const single = quoted("'");
  if (single < MIN_SINGLE_QUOTED || single < MIN_LEAD * quoted('"')) return '"';
  const share = (quote: string) => {
    const quotes: Quotes = { quote, escape: quote, strayQuotes: 'literal' };
    return Math.max(
      ...CANDIDATES.map((delimiter) => fitOf(sample, { ...quotes, delimiter }, 'outside').share),
    );
  };
  return share("'") >= share('"') ? "'" : '"';
}

function sampleOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '').slice(0, MAX_LINES);
}

/** Most frequent number of fields above one, and the share of the lines that have it. */
function fitOf(
  sample: readonly string[],
  syntax: CsvSyntax,
  leniency: 'none' | 'outside' = 'none',
): { fields: number; share: number } {
  const counts = new Map<number, number>();
  for (const line of sample) {
    const result = csvFields(line, syntax, leniency);
    const count = result.kind === 'fields' ? result.fields.length : 0;
    if (count > 1) counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  const [fields = 0, lines = 0] = [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return { fields, share: sample.length === 0 ? 0 : lines / sample.length };
}

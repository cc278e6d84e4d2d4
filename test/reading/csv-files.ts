/** Generates CSV files from seeds. */
import { Chance } from '../simulation/chance.ts';
import { ENCODINGS, type Encoding } from './alphabets.ts';

const SEPARATORS = ['\n', '\r\n', '\r'] as const;
const DELIMITERS = [',', ';', '\t', '|'] as const;
const LINE_BREAKS = ['\n', '\r\n', '\r'] as const;

/** Ways to write fields, as options of the splitter and of Python's csv module. */
const QUOTINGS = ['where needed', 'always', 'with backslashes', 'with apostrophes', 'never', 'off'] as const;
type Quoting = (typeof QUOTINGS)[number];

/** Number of consecutive seeds that have each combination of encoding, record separator and quoting once. */
export const COMBINATIONS = ENCODINGS.length * SEPARATORS.length * QUOTINGS.length;

const MAX_COLUMNS = 7;
const MAX_ROWS = 120;
const MAX_FIELD = 24;

export interface CsvFile {
  readonly seed: number;
  readonly encoding: Encoding;
  readonly text: string;
  /** The fields as they were generated. */
  readonly rows: readonly (readonly string[])[];
  readonly separator: string;
  readonly delimiter: string;
  readonly quoting: Quoting;
  readonly quoteMark: string;
  readonly escapeMark: string;
  readonly hasHeader: boolean;
  readonly keepsRaggedRows: boolean;
  /** True if the definition names the record separator, false if `lines` detects it. */
  readonly namesSeparator: boolean;
}

export function csvFile(seed: number): CsvFile {
  const chance = new Chance(seed);
  const encoding = at(ENCODINGS, seed);
  const separator = at(SEPARATORS, Math.floor(seed / ENCODINGS.length));
  const quoting = at(QUOTINGS, Math.floor(seed / (ENCODINGS.length * SEPARATORS.length)));
  const delimiter = chance.pick(DELIMITERS);
  const namesSeparator = chance.is(0.5);
  const form = { encoding, separator, quoting, delimiter, namesSeparator, ...marksOf(quoting) };
  const hasHeader = chance.is(0.5);
  const columns = chance.between(1, MAX_COLUMNS);
  const rows = Array.from({ length: chance.between(1, MAX_ROWS) }, () => {
    const length = chance.is(0.05) ? chance.between(1, MAX_COLUMNS + 2) : columns;
    const row = Array.from({ length }, () => fieldOf(chance, form, length === columns));
    // Without quotes, a row of one blank field would be a blank line.
    return !isQuotable(form) && row.join('').trim() === '' ? ['x'] : row;
  });
  if (hasHeader) rows.unshift(Array.from({ length: columns }, (_, position) => `column ${position + 1}`));
  const lines = rows.map((row) => row.map((field) => written(field, row.length === 1, form)).join(delimiter));
  const end = chance.is(0.7) ? separator : '';
  return {
    ...form,
    seed,
    rows,
    text: lines.join(separator) + end,
    hasHeader,
    keepsRaggedRows: chance.is(0.5),
  };
}

type Form = Pick<
  CsvFile,
  'encoding' | 'separator' | 'delimiter' | 'quoting' | 'quoteMark' | 'escapeMark' | 'namesSeparator'
>;

function marksOf(quoting: Quoting): { quoteMark: string; escapeMark: string } {
  if (quoting === 'off') return { quoteMark: '', escapeMark: '' };
  if (quoting === 'with backslashes') return { quoteMark: '"', escapeMark: '\\' };
  const quoteMark = quoting === 'with apostrophes' ? "'" : '"';
  return { quoteMark, escapeMark: quoteMark };
}

function fieldOf(chance: Chance, form: Form, hasDelimiters: boolean): string {
  const { encoding, quoting, delimiter, quoteMark, escapeMark } = form;
  if (chance.is(0.1)) return '';
  const marks = [quoteMark, quoteMark, escapeMark, ...LINE_BREAKS, '  '];
  // In a row with a wrong number of fields, `lines` takes a line within quotes that is a record for one.
  const special = isQuotable(form) ? [...marks, ...(hasDelimiters ? [delimiter] : [])] : ['  ', '"', "'"];
  const length = chance.between(1, MAX_FIELD);
  const pieces = Array.from({ length }, () => chance.pick(chance.is(0.12) ? special : encoding.characters));
  // A quote within an unquoted field is a character like any other, but one at its start is not.
  return quoting === 'never' ? pieces.join('').replace(/^"+/, '') : pieces.join('');
}

function isQuotable({ quoting }: Form): boolean {
  return quoting !== 'never' && quoting !== 'off';
}

function written(field: string, isOnly: boolean, form: Form): string {
  if (!isQuotable(form)) return field;
  const { quoting, delimiter, quoteMark, escapeMark } = form;
  const mustQuote =
    quoting === 'always' ||
    (isOnly && field.trim() === '') ||
    [delimiter, quoteMark, escapeMark, '\r', '\n'].some((mark) => field.includes(mark));
  if (!mustQuote) return field;
  const escaped = field.replaceAll(escapeMark, escapeMark + escapeMark);
  return `${quoteMark}${escapeMark === quoteMark ? escaped : escaped.replaceAll(quoteMark, escapeMark + quoteMark)}${quoteMark}`;
}

function at<T>(values: readonly T[], position: number): T {
  return values[position % values.length] as T;
}

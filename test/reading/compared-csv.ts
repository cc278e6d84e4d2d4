/** Compares what `lines` makes of a generated CSV file with what Python's csv module reads. */
import { omitUndefined } from '#core/omit-undefined.ts';
import { readLines } from '../support/read-lines.ts';
import { type CsvFile, csvFile } from './csv-files.ts';
import { type PythonReading, readByPython } from './python.ts';

type Row = readonly string[];

/** The smallest range, one that ends within most files, and one that holds a whole file. */
const RANGE_SIZES = [1_024, 4_099, 1_048_576] as const;

/** Returns a text for each file that `lines` reads otherwise than Python, at the first such range size. */
export async function csvDifferences(seeds: readonly number[]): Promise<string[]> {
  const files = seeds.map(csvFile);
  const readings = await readByPython<CsvFile, Row>(files, ({ delimiter, quoteMark, escapeMark }) => {
    return { delimiter, quote: quoteMark, escape: escapeMark };
  });
  const found: string[] = [];
  for (const [position, file] of files.entries()) {
    const reading = readings[position] as PythonReading<Row>;
    if (!isEqual(reading.records, file.rows))
      found.push(`seed ${file.seed}: Python does not read what was written`);
    for (const rangeBytes of RANGE_SIZES) {
      const difference = await differenceOf(file, reading, rangeBytes);
      if (difference === undefined) continue;
      found.push(`${titleOf(file)}, rangeBytes ${rangeBytes}: ${difference}`);
      break;
    }
  }
  return found;
}

function titleOf({
  seed,
  encoding,
  separator,
  delimiter,
  quoting,
  hasHeader,
  namesSeparator,
}: CsvFile): string {
  const form = {
    encoding: encoding.label ?? encoding.codec,
    separator,
    delimiter,
    quoting,
    hasHeader,
    namesSeparator,
  };
  return `seed ${seed} ${JSON.stringify(form)}`;
}

async function differenceOf(
  file: CsvFile,
  { bytes, records }: PythonReading<Row>,
  rangeBytes: number,
): Promise<string | undefined> {
  const { header, rows } = expectedOf(file, records);
  const found = await readLines(bytes, definitionOf(file, rangeBytes));

  if (found.status !== 'Completed' && rows.length > 0) return `${found.status}: ${found.failures.join('; ')}`;
  const isKept = (row: Row) => header === undefined || file.keepsRaggedRows || row.length === header.length;
  const expected = rows.filter(isKept).map((row) => payloadOf(row, header));
  const payloads = found.payloads.map(withoutNote);
  for (const [position, one] of expected.entries()) {
    const read = payloads[position];
    if (!isEqual(read, one))
      return `record ${position + 1} of ${expected.length} is ${JSON.stringify(read)}, Python reads ${JSON.stringify(one)}`;
  }
  if (payloads.length > expected.length) return `read ${payloads.length} records, Python ${expected.length}`;
  const bad = rows.length - expected.length;
  if (found.badRecords.length === bad) return undefined;
  return `${found.badRecords.length} bad records instead of ${bad}: ${found.badRecords[0]?.reason}`;
}

function definitionOf(file: CsvFile, rangeBytes: number): object {
  const {
    encoding,
    separator,
    delimiter,
    quoteMark,
    escapeMark,
    hasHeader,
    keepsRaggedRows,
    namesSeparator,
    quoting,
  } = file;
  return {
    format: 'csv',
    header: hasHeader,
    delimiter,
    quote: quoteMark,
    rangeBytes,
    raggedRows: keepsRaggedRows ? 'keep' : 'refuse',
    allowEmpty: true,
    ...omitUndefined({
      encoding: encoding.label,
      escape: escapeMark === quoteMark ? undefined : escapeMark,
      recordSeparator: namesSeparator ? separator : undefined,
      // A quote within an unquoted field is text for Python, and fails the record by default.
      strayQuotes: quoting === 'never' ? 'literal' : undefined,
    }),
  };
}

function expectedOf(
  { hasHeader }: CsvFile,
  records: readonly Row[],
): { header: Row | undefined; rows: readonly Row[] } {
  return hasHeader ? { header: records[0], rows: records.slice(1) } : { header: undefined, rows: records };
}

/** The payload that the definition promises for a row. Fields beyond the header are named by their position. */
function payloadOf(row: Row, header: Row | undefined): unknown {
  if (header === undefined) return row;
  return Object.fromEntries(
    row.map((field, position) => [header[position] ?? `column_${position + 1}`, field]),
  );
}

/** The note about a row with another number of fields is a text for people. */
function withoutNote(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload;
  const { _note, ...named } = payload as Readonly<Record<string, unknown>>;
  return named;
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

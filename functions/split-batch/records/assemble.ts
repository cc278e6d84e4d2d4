/** Joins the lines of a CSV file to records: a quoted field may contain line breaks. */
import { closesQuote, csvFields, lenientFields } from './csv-fields.ts';
import { type FileLine, MAX_RECORD_BYTES } from './file-lines.ts';
import type { CsvSyntax } from './grammar.ts';

/** A record of a file, or the reason why it is not valid. */
export interface FileRecord {
  readonly text: string;
  /** True for a line without a value, which is skipped. */
  readonly isBlank: boolean;
  /** Fields of a valid CSV record. */
  readonly fields?: readonly string[];
  readonly problem?: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Offset after the record and its separator. */
  readonly end: number;
  readonly bytes: number;
  /** Number of the line after the record. */
  readonly nextLine: number;
}

/** Maximum number of lines of a record. They are in memory until its closing quote is found. */
const MAX_RECORD_LINES = 100_000;

export interface CsvReading {
  readonly csv: CsvSyntax;
  /** Separator of the lines within a quoted field. */
  readonly separator: string;
  /** Number of fields in a record, if it is known. */
  readonly fieldCount: number | undefined;
  /** False if only the ends of the records are needed, which is faster. */
  readonly needsFields: boolean;
}

/** Yields the records of a file that is not CSV: one for each line. */
export async function* lineRecords(lines: AsyncIterable<readonly FileLine[]>): AsyncGenerator<FileRecord[]> {
  for await (const some of lines)
    yield some.map((one) => ({
      ...one,
      isBlank: one.problem === undefined && one.text.trim() === '',
      nextLine: one.line + 1,
    }));
}

/**
 * Yields the CSV records of a file. If a quote is not closed, or its record makes no sense, only the first line fails and
 * reading resumes at the next one. A stray quote therefore takes no other record with it.
 */
export async function* csvRecords(
  lines: AsyncIterable<readonly FileLine[]>,
  reading: CsvReading,
): AsyncGenerator<FileRecord[]> {
  let open: FileLine[] = [];
  for await (const some of lines) {
    const { records, rest } = assembled([...open, ...some], reading, false);
    open = rest;
    yield records;
  }
  if (open.length > 0) yield assembled(open, reading, true).records;
}

/** `rest` begins with a quoted field whose end is not among these lines. */
function assembled(
  lines: readonly FileLine[],
  reading: CsvReading,
  isEnd: boolean,
): { records: FileRecord[]; rest: FileLine[] } {
  const records: FileRecord[] = [];
  for (let at = 0; at < lines.length; ) {
    const first = lines[at] as FileLine;
    const record = simpleRecord(first, reading) ?? joinedRecord(lines, at, reading, isEnd);
    if (record === 'incomplete') return { records, rest: lines.slice(at) };
    records.push(record);
    at += record.nextLine - first.line;
  }
  return { records, rest: [] };
}

/** Returns the record of one line, or `undefined` if a quoted field may continue on the next one. */
function simpleRecord(line: FileLine, reading: CsvReading): FileRecord | undefined {
  const { text, problem } = line;
  const isBlank = problem === undefined && text.trim() === '' && !text.includes(reading.csv.delimiter);
  const position = { ...line, isBlank, nextLine: line.line + 1 };
  if (problem !== undefined || isBlank) return position;
  if (!reading.needsFields && isClosed(text, reading.csv)) return position;
  const result = csvFields(text, reading.csv);
  if (result.kind === 'open') return undefined;
  if (result.kind === 'fields') return { ...position, fields: result.fields };
  return badRecord(
    position,
    reading,
    `field ${result.fieldNumber} has a quote that is neither at its start nor at its end`,
  );
}

/** True if no quoted field is open at the end of the line: each one that is closed has an even number of quotes. */
function isClosed(text: string, { quote, escape: mark }: CsvSyntax): boolean {
  if (quote === '') return true;
  let quotes = 0;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + quote.length)) quotes += 1;
  return quotes === 0 || (mark === quote && quotes % 2 === 0);
}

function joinedRecord(
  lines: readonly FileLine[],
  at: number,
  reading: CsvReading,
  isEnd: boolean,
): FileRecord | 'incomplete' {
  const first = lines[at] as FileLine;
  const alone = { ...first, isBlank: false, nextLine: first.line + 1 };
  const unclosed = 'it has a quoted field without a closing quote';
  const fields: string[] = [];
  // Lines of the field that is open. Complete fields are parsed once, however many lines follow.
  let openLines = [first.text];
  let wasReturn = first.droppedReturn;
  let { bytes } = first;
  for (let next = at + 1; ; next += 1) {
    const line = lines[next];
    const isTooLong = bytes > MAX_RECORD_BYTES || next - at > MAX_RECORD_LINES;
    if (isTooLong || (line === undefined && isEnd)) return badRecord(alone, reading, unclosed);
    if (line === undefined) return 'incomplete';
    if (line.problem !== undefined)
      return badRecord(alone, reading, `it continues on line ${line.line}: ${line.problem}`);
    openLines.push(`${openLines.pop()}${wasReturn ? '\r' : ''}`, line.text);
    wasReturn = line.droppedReturn;
    bytes += line.bytes;
    if (!closesQuote(line.text, reading.csv)) continue;
    const text = openLines.join(reading.separator);
    const result = csvFields(text, reading.csv);
    if (result.kind === 'stray') return badRecord(alone, reading, unclosed);
    fields.push(...result.fields);
    if (result.kind === 'open') {
      openLines = [text.slice(result.from)];
      continue;
    }
    if (hasSwallowed(lines.slice(at + 1, next), fields.length, reading))
      return badRecord(alone, reading, unclosed);
    return { ...alone, fields, end: line.end, bytes, nextLine: line.line + 1 };
  }
}

/** Fewer lines of text may look like records by chance. */
const MIN_SWALLOWED_LINES = 3;

/**
 * True if the lines within a quoted field are records of their own, so that its quotes probably belong to two other
 * records: all of them, or any of them if the number of fields is wrong too.
 */
function hasSwallowed(lines: readonly FileLine[], fields: number, { csv, fieldCount }: CsvReading): boolean {
  if (fieldCount === undefined || fieldCount < 2) return false;
  const isRecord = ({ text }: FileLine) => {
    const result = csvFields(text, csv);
    return result.kind === 'fields' && result.fields.length === fieldCount;
  };
  if (fields !== fieldCount) return lines.some(isRecord);
  return lines.length >= MIN_SWALLOWED_LINES && lines.every(isRecord);
}

function badRecord(record: FileRecord, { csv, fieldCount }: CsvReading, problem: string): FileRecord {
  if (csv.strayQuotes === 'refuse') return { ...record, problem };
  const fields = lenientFields(record.text, csv, fieldCount);
  return fields === undefined ? { ...record, problem } : { ...record, fields };
}

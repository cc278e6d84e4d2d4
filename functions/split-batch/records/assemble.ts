/** Joins the lines of a CSV file to records: a quoted field may contain line breaks. */
import { closesQuote, csvFields, lenientFields } from './csv-fields.ts';
import { type FileLine, MAX_RECORD_BYTES } from './file-lines.ts';
import type { CsvReading, FileRecord } from './file-record.ts';
import type { CsvSyntax } from './grammar.ts';
import { areRecords, MAX_RECORD_LINES, OversizedRecord } from './oversized-record.ts';

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
 * reading resumes at the next one. A stray quote therefore takes no other record with it. A field beyond the limit is one
 * record that fails, with all lines of the field.
 */
export async function* csvRecords(
  lines: AsyncIterable<readonly FileLine[]>,
  reading: CsvReading,
): AsyncGenerator<FileRecord[]> {
  let state: Assembly = { open: [] };
  for await (const some of lines) {
    const { records, ...next } = assembled(some, state, reading, false);
    state = next;
    yield records;
  }
  const { records } = assembled([], state, reading, true);
  if (records.length > 0) yield records;
}

interface Assembly {
  /** Lines from the start of a quoted field whose end was not found yet. */
  readonly open: readonly FileLine[];
  /** A record beyond the limit whose end was not found yet. There are no open lines then. */
  readonly oversized?: OversizedRecord | undefined;
}

function assembled(
  some: readonly FileLine[],
  { open, oversized: before }: Assembly,
  reading: CsvReading,
  isEnd: boolean,
): Assembly & { records: FileRecord[] } {
  const records: FileRecord[] = [];
  let lines = open.length === 0 ? some : [...open, ...some];
  let oversized = before;
  for (let at = 0; at < lines.length || (isEnd && oversized !== undefined); ) {
    if (oversized !== undefined) {
      const { record, rest } = oversized.add(lines.slice(at), isEnd);
      if (record === undefined) return { records, open: [], oversized };
      records.push(record);
      oversized = undefined;
      lines = rest;
      at = 0;
      continue;
    }
    const first = lines[at] as FileLine;
    const record = simpleRecord(first, reading) ?? joinedRecord(lines, at, reading, isEnd);
    if (record === 'incomplete') return { records, open: lines.slice(at) };
    if (record instanceof OversizedRecord) {
      oversized = record;
      at += record.lineCount;
      continue;
    }
    records.push(record);
    at += record.nextLine - first.line;
  }
  return { records, open: [], oversized };
}

/** Returns the record of one line, or `undefined` if a quoted field may continue on the next one. */
function simpleRecord(line: FileLine, reading: CsvReading): FileRecord | undefined {
  const { text, problem } = line;
  const isBlank = problem === undefined && text.trim() === '' && !text.includes(reading.csv.delimiter);
  const position = { ...line, isBlank, nextLine: line.line + 1 };
  if (isBlank) return position;
  if (problem !== undefined) return continues(line, reading) ? undefined : position;
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

/** True if a quoted field is open at the end of a line that cannot be read. */
function continues({ text, quotes }: FileLine, { csv }: CsvReading): boolean {
  return quotes === undefined ? csvFields(text, csv).kind === 'open' : quotes % 2 === 1;
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
): FileRecord | OversizedRecord | 'incomplete' {
  const first = lines[at] as FileLine;
  if (first.quotes !== undefined) return new OversizedRecord([first], reading);
  const alone = { ...first, isBlank: false, nextLine: first.line + 1 };
  const unclosed = 'it has a quoted field without a closing quote';
  const fields: string[] = [];
  // Lines of the field that is open. Complete fields are parsed once, however many lines follow.
  let openLines = [first.text];
  let wasReturn = first.droppedReturn;
  let { bytes, problem } = first;
  for (let next = at + 1; ; next += 1) {
    const line = lines[next];
    const inside = () => lines.slice(at + 1, next);
    if (bytes > MAX_RECORD_BYTES || next - at > MAX_RECORD_LINES) {
      if (areRecords(first, inside(), reading)) return badRecord(alone, reading, unclosed);
      return new OversizedRecord([first, ...inside()], reading);
    }
    if (line === undefined && isEnd) return badRecord(alone, reading, unclosed);
    if (line === undefined) return 'incomplete';
    if (line.quotes !== undefined)
      return new OversizedRecord([first, ...inside(), line], reading, line.quotes % 2 === 1);
    if (line.problem !== undefined) problem ??= `it continues on line ${line.line}: ${line.problem}`;
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
    if (hasSwallowed(inside(), fields.length, reading)) return badRecord(alone, reading, unclosed);
    const position = { ...alone, end: line.end, bytes, nextLine: line.line + 1 };
    return problem === undefined ? { ...position, fields } : { ...position, problem };
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

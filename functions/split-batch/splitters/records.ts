/** Reads the records of a file by byte ranges: start, end, line number and content of each record. */
import { PermanentFailure } from '#core/errors.ts';
import { ObjectChanged } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import {
  brokenItem,
  type Child,
  item,
  type ReadableObjects,
  type SourceAddress,
  type SourceInfo,
} from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';

const BLOCK_BYTES = 1024 * 1024;

/** Maximum length of a record. A longer one means that the file does not consist of lines. */
const MAX_RECORD_BYTES = 8 * BLOCK_BYTES;

/** Maximum number of records in memory. An empty line is one byte in the file, but some hundred bytes in memory. */
const MAX_RECORDS_AT_ONCE = 5_000;

const NEWLINE = 10;
const QUOTE = 34;
const decoder = new TextDecoder();

export type ParseCsv = typeof import('csv-parse/sync')['parse'];

/** Returns the parser, which is loaded at its first use. */
export async function csvParser(): Promise<ParseCsv> {
  const { parse } = await import('csv-parse/sync');
  return parse;
}

export type RecordFormat = 'text' | 'csv' | 'jsonl';

/** One version of a file. If the file changes while it is split, the job fails instead of mixing two versions. */
export interface PinnedFile {
  readonly address: SourceAddress;
  readonly etag: string;
}

export interface RecordRange {
  /** Offset of the first byte, and offset after the last byte. */
  readonly from: number;
  readonly to: number;
  /** Line number of the first record, from 1. */
  readonly line: number;
}

export interface FoundRecord {
  readonly bytes: Uint8Array;
  readonly line: number;
  /** Offset after the record and its newline. */
  readonly end: number;
}

export async function describeFile(objects: ReadableObjects, address: SourceAddress): Promise<SourceInfo> {
  const info = await objects.describe(address);
  if (info !== undefined) return info;
  const what = 'url' in address ? 'no such file at' : 'no object';
  throw new PermanentFailure(
    'source-missing',
    `there is ${what} '${sourceName(address)}'. Upload it first, or correct the source.`,
  );
}

/** Yields up to 5,000 records at a time. `quoted` is true if newlines in double quotes belong to the record (CSV). */
export async function* readRecords(
  objects: ReadableObjects,
  file: PinnedFile,
  range: RecordRange,
  quoted: boolean,
): AsyncGenerator<FoundRecord[]> {
  let rest: Uint8Array = new Uint8Array();
  let { line } = range;
  for (let at = range.from; at < range.to; at += BLOCK_BYTES) {
    const to = Math.min(range.to, at + BLOCK_BYTES);
    const block = concatenated(rest, await readBytes(objects, file, at, to));
    const begin = to - block.length;
    rest = block;
    for (;;) {
      const cut = cutRecords(rest, { begin: begin + block.length - rest.length, line, quoted });
      rest = rest.subarray(cut.used);
      line = cut.nextLine;
      yield cut.records;
      if (cut.records.length < MAX_RECORDS_AT_ONCE) break;
    }
    if (rest.length > MAX_RECORD_BYTES) {
      throw new PermanentFailure(
        'record-too-long',
        `line ${line} of '${sourceName(file.address)}' is longer than ${MAX_RECORD_BYTES} bytes. Check the format of the file.`,
      );
    }
  }
  if (rest.length > 0) yield [{ bytes: rest, line, end: range.to }];
}

async function readBytes(
  objects: ReadableObjects,
  { address, etag }: PinnedFile,
  from: number,
  to: number,
): Promise<Uint8Array> {
  try {
    const bytes = await objects.get(address, { from, to, etag });
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof ObjectChanged)) throw error;
  }
  throw sourceChanged(address);
}

export function sourceChanged(address: SourceAddress): PermanentFailure {
  return new PermanentFailure(
    'source-changed',
    `'${sourceName(address)}' was changed or deleted while it was split. Resubmit the job when it no longer changes.`,
  );
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function cutRecords(
  block: Uint8Array,
  { begin, line, quoted }: { begin: number; line: number; quoted: boolean },
): { records: FoundRecord[]; used: number; nextLine: number } {
  const records: FoundRecord[] = [];
  let used = 0;
  let lineOfRecord = line;
  let lines = 0;
  let isInQuotes = false;
  for (let at = 0; at < block.length; at += 1) {
    const byte = block[at];
    if (byte === QUOTE && quoted) isInQuotes = !isInQuotes;
    if (byte !== NEWLINE) continue;
    lines += 1;
    if (isInQuotes) continue;
    records.push({ bytes: block.subarray(used, at), line: lineOfRecord, end: begin + at + 1 });
    used = at + 1;
    lineOfRecord += lines;
    lines = 0;
    if (records.length === MAX_RECORDS_AT_ONCE) break;
  }
  return { records, used, nextLine: lineOfRecord };
}

/** Returns the text of a record without a final carriage return, and without the byte-order mark of the file. */
export function textOf({ bytes, line }: FoundRecord): string {
  const text = decoder.decode(bytes).replace(/\r$/, '');
  return line === 1 ? text.replace(/^\uFEFF/, '') : text;
}

export interface RecordSyntax {
  readonly format: RecordFormat;
  readonly delimiter: string;
  /** Field names of a CSV file with a header. */
  readonly columns?: readonly string[] | undefined;
  /** Member of a record that contains the id of its item. */
  readonly idField?: string | undefined;
  /** Set for CSV. */
  readonly parseCsv?: ParseCsv | undefined;
}

/** Maximum bytes of an id, the length of an S3 key. */
const MAX_ID_BYTES = 1_024;

/** Returns the item of each record, in order, and `undefined` for each empty line. */
export function itemsOfRecords(
  records: readonly FoundRecord[],
  idOf: (record: FoundRecord) => string,
  syntax: RecordSyntax,
): (Child | undefined)[] {
  const texts = records.map(textOf);
  const { parseCsv, delimiter } = syntax;
  const rows = parseCsv && csvRows(texts, delimiter, parseCsv);
  return records.map((record, position) => {
    const text = texts[position] ?? '';
    if (syntax.format === 'text') return item(idOf(record), { line: text });
    if (text.trim() === '') return undefined;
    try {
      const payload: unknown =
        parseCsv === undefined
          ? JSON.parse(text)
          : withColumnNames(rows?.get(position) ?? csvFields(text, delimiter, parseCsv), syntax.columns);
      return item(syntax.idField === undefined ? idOf(record) : idIn(payload, syntax.idField), payload);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return brokenItem(
        idOf(record),
        `line ${record.line} is not a valid ${syntax.format} record: ${reason}`,
      );
    }
  });
}

/** Throws if the field has no value that can be an id. */
function idIn(payload: unknown, field: string): string {
  const isRecord = typeof payload === 'object' && payload !== null && Object.hasOwn(payload, field);
  const value = isRecord ? (payload as Readonly<Record<string, unknown>>)[field] : undefined;
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id !== 'string' || id.trim() === '') {
    throw new Error(
      `its field '${field}' (idField) must contain a string or a number, and must not be empty`,
    );
  }
  if (byteLength(id) <= MAX_ID_BYTES) return id;
  throw new Error(`its field '${field}' (idField) has more than ${MAX_ID_BYTES} bytes`);
}

export function csvFields(text: string, delimiter: string, parse: ParseCsv): string[] {
  const [fields = []] = parse(text, { delimiter, relax_column_count: true }) as string[][];
  return fields;
}

/** Parses all rows in one call, which is six times as fast. Returns `undefined` if one of them is not valid. */
function csvRows(
  texts: readonly string[],
  delimiter: string,
  parse: ParseCsv,
): Map<number, string[]> | undefined {
  const positions = [...texts.keys()].filter((position) => texts[position]?.trim() !== '');
  try {
    const text = positions.map((position) => texts[position]).join('\n');
    const rows = parse(text, { delimiter, relax_column_count: true }) as string[][];
    if (rows.length !== positions.length) return undefined;
    return new Map(rows.map((row, at) => [positions[at] ?? -1, row]));
  } catch {
    // The caller then parses each row separately, so that only the invalid one fails.
    return undefined;
  }
}

function withColumnNames(fields: readonly string[], columns: readonly string[] | undefined): unknown {
  if (columns === undefined) return fields;
  if (fields.length !== columns.length) {
    throw new Error(`it has ${fields.length} fields, but the header has ${columns.length}`);
  }
  return Object.fromEntries(columns.map((column, position) => [column, fields[position]]));
}

/** Records of a file, by byte ranges: where each begins and ends, which line it begins on, and what it says. */
import { parse } from 'csv-parse/sync';
import { PermanentFailure } from '#core/errors.ts';
import { ObjectChanged } from '#core/ports.ts';
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

/** A record longer than this is taken for a file that has no lines at all. */
const MAX_RECORD_BYTES = 8 * BLOCK_BYTES;

/** Records that are held at once: an empty line takes a byte of the file, and some hundred bytes of memory. */
const MAX_RECORDS_AT_ONCE = 5_000;

const NEWLINE = 10;
const QUOTE = 34;
const decoder = new TextDecoder();

export type RecordFormat = 'text' | 'csv' | 'jsonl';

/** A file as it was when splitting began; when it changes on the way, the job fails instead of mixing two versions. */
export interface PinnedFile {
  readonly address: SourceAddress;
  readonly etag: string;
}

export interface RecordRange {
  /** Offsets: the first byte, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** The line, from 1, on which the first record begins. */
  readonly line: number;
}

export interface FoundRecord {
  readonly bytes: Uint8Array;
  readonly line: number;
  /** Offset behind the record and its newline. */
  readonly end: number;
}

export async function describeFile(objects: ReadableObjects, address: SourceAddress): Promise<SourceInfo> {
  const info = await objects.describe(address);
  if (info !== undefined) return info;
  const what = 'url' in address ? 'no such file at' : 'no object';
  throw new PermanentFailure(
    'source-missing',
    `there is ${what} '${sourceName(address)}'; upload it first, or mend the source`,
  );
}

/** The records of a range, some thousand at once. `quoted`: newlines within double quotes belong to the record (CSV). */
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
        `line ${line} of '${sourceName(file.address)}' is longer than ${MAX_RECORD_BYTES} bytes; is the format right?`,
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
    `'${sourceName(address)}' was changed or deleted while it was split; submit the job again once it stays as it is`,
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

/** The text of a record: no carriage return at its end, no byte-order mark at the start of the file. */
export function textOf({ bytes, line }: FoundRecord): string {
  const text = decoder.decode(bytes).replace(/\r$/, '');
  return line === 1 ? text.replace(/^\uFEFF/, '') : text;
}

export interface RecordSyntax {
  readonly format: RecordFormat;
  readonly delimiter: string;
  /** Names of the fields of a CSV file with a header. */
  readonly columns?: readonly string[] | undefined;
}

/** The item that each record is, in their order; `undefined` for an empty line between records. */
export function itemsOfRecords(
  records: readonly FoundRecord[],
  idOf: (record: FoundRecord) => string,
  syntax: RecordSyntax,
): (Child | undefined)[] {
  const texts = records.map(textOf);
  const rows = syntax.format === 'csv' ? csvRows(texts, syntax.delimiter) : undefined;
  return records.map((record, position) => {
    const text = texts[position] ?? '';
    if (syntax.format === 'text') return item(idOf(record), { line: text });
    if (text.trim() === '') return undefined;
    try {
      const fields = () => rows?.get(position) ?? csvFields(text, syntax.delimiter);
      return item(
        idOf(record),
        syntax.format === 'jsonl' ? JSON.parse(text) : withColumnNames(fields(), syntax.columns),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return brokenItem(idOf(record), `line ${record.line} is no ${syntax.format} record: ${reason}`);
    }
  });
}

export function csvFields(text: string, delimiter: string): string[] {
  const [fields = []] = parse(text, { delimiter, relax_column_count: true }) as string[][];
  return fields;
}

/** All rows by one call, six times as fast as one by one; `undefined` where a broken one spoils the others. */
function csvRows(texts: readonly string[], delimiter: string): Map<number, string[]> | undefined {
  const positions = [...texts.keys()].filter((position) => texts[position]?.trim() !== '');
  try {
    const text = positions.map((position) => texts[position]).join('\n');
    const rows = parse(text, { delimiter, relax_column_count: true }) as string[][];
    if (rows.length !== positions.length) return undefined;
    return new Map(rows.map((row, at) => [positions[at] ?? -1, row]));
  } catch {
    // Each row is then parsed on its own, and the broken one says what is wrong with it.
    return undefined;
  }
}

function withColumnNames(fields: readonly string[], columns: readonly string[] | undefined): unknown {
  if (columns === undefined) return fields;
  if (fields.length !== columns.length) {
    throw new Error(`it has ${fields.length} fields where the header has ${columns.length}`);
  }
  return Object.fromEntries(columns.map((column, position) => [column, fields[position]]));
}

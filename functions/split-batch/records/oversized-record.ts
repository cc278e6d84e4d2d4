/** A CSV record with a quoted field beyond the limit. It fails as one record, wherever the field ends. */
import { closesQuote, csvFields } from './csv-fields.ts';
import { type FileLine, MAX_RECORD_BYTES } from './file-lines.ts';
import type { CsvReading, FileRecord } from './file-record.ts';

/** Maximum number of lines of a record. They are in memory until its closing quote is found. */
export const MAX_RECORD_LINES = 100_000;

/** Reading resumes after this many bytes in any case, so that a quote that is never closed cannot take the whole file. */
const MAX_SKIPPED_BYTES = 8 * MAX_RECORD_BYTES;

/** Reading resumes before this many lines that are records. Text has fewer of them in a row by chance. */
const RESUMING_RECORDS = 20;

/**
 * True if most lines after an open quote are records of their own, so that the quote is a stray one. Without a header, records have
 * the most frequent number of fields, and at least as many as the open record has.
 */
export function areRecords(
  open: FileLine,
  lines: readonly FileLine[],
  { csv, fieldCount }: CsvReading,
): boolean {
  const counts = new Map<number, number>();
  for (const { text } of lines) {
    const result = csvFields(text, csv);
    const count = result.kind === 'fields' ? result.fields.length : 0;
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  const [frequent = 0] = [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  const result = csvFields(open.text, csv);
  const expected = fieldCount ?? Math.max(frequent, result.kind === 'open' ? result.fields.length + 1 : 1);
  // Any line is a record of one field.
  if (expected === 1) return true;
  return 2 * (counts.get(expected) ?? 0) >= lines.length;
}

export class OversizedRecord {
  readonly #reading: CsvReading;
  readonly #first: FileLine;
  #last: FileLine;
  #bytes = 0;
  #isClosed: boolean;
  /** The last lines, if they are records. */
  #candidates: FileLine[] = [];
  /** Number of lines at its creation. */
  readonly lineCount: number;

  constructor(lines: readonly FileLine[], reading: CsvReading, isClosed = false) {
    this.#reading = reading;
    this.#isClosed = isClosed;
    this.lineCount = lines.length;
    const [first] = lines;
    if (first === undefined) throw new Error('a record has at least one line');
    this.#first = first;
    this.#last = first;
    for (const line of lines) this.#take(line);
  }

  /** Adds the lines up to its end. Returns the record, and the lines after it, if its end is known. */
  add(lines: readonly FileLine[], isEnd: boolean): { record?: FileRecord; rest: readonly FileLine[] } {
    for (const [position, line] of lines.entries()) {
      if (this.#isEnded()) return { record: this.#record(), rest: lines.slice(position) };
      if (this.#isRecord(line)) {
        this.#candidates.push(line);
        if (this.#candidates.length < RESUMING_RECORDS) continue;
        return { record: this.#record(), rest: [...this.#candidates, ...lines.slice(position + 1)] };
      }
      for (const candidate of this.#candidates.splice(0)) this.#take(candidate);
      this.#take(line);
      this.#isClosed = this.#closes(line);
    }
    return isEnd || this.#isEnded() ? { record: this.#record(), rest: this.#candidates } : { rest: [] };
  }

  #isEnded(): boolean {
    return this.#isClosed || this.#bytes > MAX_SKIPPED_BYTES;
  }

  #take(line: FileLine): void {
    this.#last = line;
    this.#bytes += line.bytes;
  }

  /** True if the field ends on the line, and all others of the record too. */
  #closes({ text, quotes }: FileLine): boolean {
    const { csv } = this.#reading;
    if (quotes !== undefined) return quotes % 2 === 1;
    return closesQuote(text, csv) && csvFields(`${csv.quote}${text}`, csv).kind === 'fields';
  }

  #isRecord(line: FileLine): boolean {
    const { csv, fieldCount } = this.#reading;
    if (fieldCount === undefined || fieldCount < 2 || line.problem !== undefined || this.#closes(line))
      return false;
    const result = csvFields(line.text, csv);
    return result.kind === 'fields' && result.fields.length === fieldCount;
  }

  #record(): FileRecord {
    const { line: lastLine, end } = this.#last;
    const limit = `${MAX_RECORD_BYTES} bytes and ${MAX_RECORD_LINES} lines`;
    const where = this.#isClosed
      ? `it ends on line ${lastLine}`
      : `no closing quote was found up to line ${lastLine}`;
    return {
      ...this.#first,
      isBlank: false,
      problem: `it has a quoted field beyond the limit of ${limit}; ${where}`,
      end,
      bytes: this.#bytes,
      nextLine: lastLine + 1,
    };
  }
}

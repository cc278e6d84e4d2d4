/** Output of the commands: data on stdout, everything else on stderr. */
import { colorOfStatus, isColored, type Paint, painter } from './colors.ts';
import { type Column, printable, tableLines } from './table.ts';
import { isoLocalTime, localTime } from './times.ts';

export type Format = 'text' | 'json' | 'ndjson';

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export interface OutputOptions {
  readonly format: Format;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  readonly isQuiet: boolean;
}

/** A line of a detail view: its label, and the value unless it is absent. */
export type Field = readonly [label: string, value: string | number | undefined];

/** Rows whose widths are computed together. Longer lists are printed in blocks. */
const BLOCK_ROWS = 500;
const DEFAULT_COLUMNS = 80;
const MAX_PLAIN_VALUE = 100_000;

export class Output {
  readonly format: Format;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly isQuiet: boolean;
  /** Colours text for stdout. */
  readonly paint: Paint;
  /** Colours text for stderr. */
  readonly paintNote: Paint;

  constructor({ format, stdout, stderr, env, isQuiet }: OutputOptions) {
    this.format = format;
    this.stdout = stdout;
    this.stderr = stderr;
    this.isQuiet = isQuiet;
    this.paint = painter(format === 'text' && isColored(stdout, env));
    this.paintNote = painter(isColored(stderr, env));
  }

  /** True if people read stdout: a terminal, and no format for programs. */
  get isForPeople(): boolean {
    return this.format === 'text' && this.stdout.isTTY === true;
  }

  /** Writes a line of data to stdout, and waits while the reader is slower. */
  line(text: string): Promise<void> {
    return this.#write(`${text}\n`);
  }

  async #write(text: string): Promise<void> {
    if (!this.stdout.write(text)) await new Promise<void>((resolve) => this.stdout.once('drain', resolve));
  }

  /** Writes a message to stderr, unless --quiet is set. */
  note(text: string): void {
    if (!this.isQuiet) this.stderr.write(`${text}\n`);
  }

  /** Returns a time for the current reader: short for people, with its offset for programs. */
  time(millis: number | undefined): string | undefined {
    if (millis === undefined) return undefined;
    return this.isForPeople ? localTime(millis) : isoLocalTime(millis);
  }

  status(text: string, word = text.trim()): string {
    const color = colorOfStatus(word);
    return color === undefined ? text : this.paint(text, color);
  }

  /** Prints one value: JSON, or the lines of `fields`. */
  value(value: unknown, fields: () => readonly Field[]): Promise<void> {
    return this.format === 'text' ? this.fields(fields()) : this.json(value);
  }

  /** Prints a value as JSON in every format: on one line for --ndjson. */
  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value, null, this.format === 'ndjson' ? undefined : 2));
  }

  async fields(fields: readonly Field[]): Promise<void> {
    const present = fields.filter(([, value]) => value !== undefined && value !== '');
    if (!this.isForPeople) {
      for (const [label, value] of present)
        await this.line(`${label}\t${printable(String(value)).slice(0, MAX_PLAIN_VALUE)}`);
      return;
    }
    const width = Math.max(0, ...present.map(([label]) => label.length));
    for (const [label, value] of present) {
      const text = printable(String(value));
      await this.line(
        `${this.paint(label.padEnd(width), 'dim')}  ${label === 'status' ? this.status(text) : text}`,
      );
    }
  }

  /** Prints a list: a JSON array, lines of JSON, a table, or lines with tabs for other programs. */
  async list<Row>(
    rows: AsyncIterable<Row> | Iterable<Row>,
    columns: readonly Column<Row>[],
    whenEmpty: string,
  ): Promise<number> {
    if (this.format === 'json') return this.#jsonArray(rows);
    let count = 0;
    let block: Row[] = [];
    const flush = async () => {
      for (const text of this.#textOf(block, columns, count === block.length)) await this.line(text);
      block = [];
    };
    for await (const row of rows) {
      count += 1;
      block.push(row);
      if (block.length === BLOCK_ROWS || !this.isForPeople) await flush();
    }
    if (block.length > 0) await flush();
    if (count === 0) this.note(whenEmpty);
    return count;
  }

  async #jsonArray<Row>(rows: AsyncIterable<Row> | Iterable<Row>): Promise<number> {
    let count = 0;
    for await (const row of rows) {
      const text = JSON.stringify(row, null, 2).replaceAll('\n', '\n  ');
      await this.#write(`${count === 0 ? '[\n' : ',\n'}  ${text}`);
      count += 1;
    }
    await this.line(count === 0 ? '[]' : '\n]');
    return count;
  }

  #textOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[], isFirst: boolean): string[] {
    if (this.format === 'ndjson') return rows.map((row) => JSON.stringify(row));
    if (!this.isForPeople) {
      return rows.map((row) =>
        columns.map(({ value, plain = value }) => printable(String(plain(row) ?? ''))).join('\t'),
      );
    }
    const header = (title: string) => this.paint(title, 'bold');
    const lines = tableLines(rows, columns, { width: this.stdout.columns ?? DEFAULT_COLUMNS, header });
    return isFirst ? lines : lines.slice(1);
  }
}

/** Returns a `paint` of a column that colours its text by the status in it. */
export function paintStatus<Row>(output: Output, status: (row: Row) => string) {
  return (text: string, row: Row) => output.status(text, status(row));
}

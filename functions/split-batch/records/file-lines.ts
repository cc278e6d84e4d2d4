/** Cuts the bytes of a file into lines at its record separator. A line of a CSV file may be only a part of a record. */
import type { Decoder } from '#core/decode-text.ts';
import { decodersOf } from '../../sources/text-decoder.ts';
import { encodedQuote, encodedSeparator } from './encoding.ts';
import type { RecordGrammar } from './grammar.ts';

/** Maximum length of a record. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** Maximum number of lines at once. An empty line is one byte in the file, but some hundred bytes in memory. */
const MAX_LINES_AT_ONCE = 5_000;

export interface FileLine {
  /** Text of the line, without its separator. */
  readonly text: string;
  /** True if a carriage return before the separator was dropped. It is text if a quoted field continues on the next line. */
  readonly droppedReturn: boolean;
  /** Number of the line, from 1. */
  readonly line: number;
  /** Offset after the line and its separator. */
  readonly end: number;
  readonly bytes: number;
  /** The reason why the line cannot be read. */
  readonly problem?: string;
  /** Number of quotes in a line that is too long. Its text is not known. */
  readonly quotes?: number;
}

export interface LineStart {
  readonly from: number;
  readonly line: number;
}

type LineGrammar = Pick<RecordGrammar, 'encoding' | 'separator' | 'csv'>;

/** Yields up to 5,000 lines at a time. */
export async function* fileLines(
  blocks: AsyncIterable<Uint8Array>,
  grammar: LineGrammar,
  start: LineStart,
): AsyncGenerator<FileLine[]> {
  const newDecoder = await decodersOf(grammar.encoding);
  const decoders = {
    strict: newDecoder({ fatal: true, ignoreBOM: true }),
    lenient: newDecoder({ fatal: false, ignoreBOM: true }),
  };
  const cutter = new LineCutter(grammar, decoders, start);
  for await (const block of blocks) yield* cutter.add(block);
  const last = cutter.takeLast();
  if (last !== undefined) yield [last];
}

interface Decoders {
  readonly strict: Decoder;
  /** For the excerpt of a line that is not valid. */
  readonly lenient: Decoder;
}

class LineCutter {
  readonly #encoding: string;
  readonly #separator: RecordGrammar['separator'];
  readonly #bytes: Buffer;
  /** Bytes of a code unit, at which separators are aligned. */
  readonly #unit: number;
  readonly #decoders: Decoders;
  #rest: Buffer = Buffer.alloc(0);
  /** Offset of the first byte of `#rest`. */
  #at: number;
  #line: number;
  /** Number of bytes of the current line that were dropped because it is too long, and of the quotes in them. */
  #dropped = 0;
  #droppedQuotes = 0;
  readonly #quote: Buffer | undefined;

  constructor({ encoding, separator, csv }: LineGrammar, decoders: Decoders, { from, line }: LineStart) {
    this.#encoding = encoding;
    this.#separator = separator;
    this.#bytes = encodedSeparator(separator.text, encoding);
    this.#quote = csv === undefined ? undefined : encodedQuote(csv.quote, encoding);
    this.#unit = encoding.startsWith('utf-16') ? 2 : 1;
    this.#decoders = decoders;
    this.#at = from;
    this.#line = line;
  }

  *add(block: Uint8Array): Generator<FileLine[]> {
    const bytes = this.#rest.length === 0 ? asBuffer(block) : Buffer.concat([this.#rest, block]);
    let used = 0;
    if (this.#dropped > 0) {
      const end = this.#find(bytes, 0);
      if (end < 0) return this.#drop(bytes);
      used = end + this.#bytes.length;
      yield [this.#tooLong(bytes.subarray(0, end), used)];
    }
    for (;;) {
      const { lines, end } = this.#cut(bytes, used);
      if (lines.length === 0) break;
      yield lines;
      used = end;
    }
    this.#rest = bytes.subarray(used);
    if (this.#rest.length > MAX_RECORD_BYTES) this.#drop(this.#rest);
  }

  /** Returns the line after the last separator, if there is one. */
  takeLast(): FileLine | undefined {
    const bytes = this.#rest;
    if (this.#dropped > 0) return this.#tooLong(bytes, bytes.length);
    return bytes.length === 0 ? undefined : this.#lineOf(bytes, bytes.length);
  }

  /** Drops bytes of a line that is too long, except a separator that may be cut at the end of the block. */
  #drop(bytes: Buffer): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#bytes.length * this.#unit));
    const aligned = kept.subarray((bytes.length - kept.length) % this.#unit);
    this.#dropped += bytes.length - aligned.length;
    this.#droppedQuotes += this.#countQuotes(bytes.subarray(0, bytes.length - aligned.length));
    this.#at += bytes.length - aligned.length;
    this.#rest = Buffer.from(aligned);
  }

  #tooLong(end: Buffer, used: number): FileLine {
    const bytes = this.#dropped + end.length;
    const quotes = this.#droppedQuotes + this.#countQuotes(end);
    this.#dropped = 0;
    this.#droppedQuotes = 0;
    this.#at += used;
    const problem = `it has ${bytes} bytes, and at most ${MAX_RECORD_BYTES} are allowed`;
    return { text: '', droppedReturn: false, line: this.#line++, end: this.#at, bytes, problem, quotes };
  }

  #countQuotes(bytes: Buffer): number {
    if (this.#quote === undefined) return 0;
    let count = 0;
    for (let at = this.#find(bytes, 0, this.#quote); at >= 0; count += 1)
      at = this.#find(bytes, at + this.#quote.length, this.#quote);
    return count;
  }

  #find(bytes: Buffer, from: number, text = this.#bytes): number {
    for (let at = bytes.indexOf(text, from); at >= 0; at = bytes.indexOf(text, at + 1))
      if (at % this.#unit === 0) return at;
    return -1;
  }

  #cut(bytes: Buffer, from: number): { lines: FileLine[]; end: number } {
    const ends: number[] = [];
    for (let at = this.#find(bytes, from); at >= 0 && ends.length < MAX_LINES_AT_ONCE; ) {
      ends.push(at);
      at = this.#find(bytes, at + this.#bytes.length);
    }
    const end = (ends.at(-1) ?? from) + (ends.length === 0 ? 0 : this.#bytes.length);
    const texts = this.#textsOf(bytes.subarray(from, end), ends.length);
    let begin = from;
    const lines = ends.map((contentEnd, position): FileLine => {
      const used = contentEnd + this.#bytes.length - begin;
      const text = texts?.[position];
      const content = bytes.subarray(begin, contentEnd);
      begin += used;
      if (text === undefined) return this.#lineOf(content, used);
      this.#at += used;
      return { ...this.#textOf(text), line: this.#line++, end: this.#at, bytes: used };
    });
    return { lines, end };
  }

  /** Decodes many lines at once, which is faster. Returns `undefined` if one of them is not valid. */
  #textsOf(bytes: Buffer, count: number): string[] | undefined {
    const text = this.#decode(bytes);
    const texts = text?.split(this.#separator.text);
    return texts?.length === count + 1 ? texts : undefined;
  }

  #lineOf(bytes: Buffer, used: number): FileLine {
    this.#at += used;
    const position = { line: this.#line++, end: this.#at, bytes: used };
    const text = this.#decode(bytes);
    if (text !== undefined) return { ...position, ...this.#textOf(text) };
    const shown = this.#decoders.lenient.decode(bytes);
    return { ...position, text: shown, droppedReturn: false, problem: `it is not valid ${this.#encoding}` };
  }

  #decode(bytes: Buffer): string | undefined {
    try {
      return this.#decoders.strict.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }

  #textOf(text: string): Pick<FileLine, 'text' | 'droppedReturn'> {
    const droppedReturn = this.#separator.dropsReturn && text.endsWith('\r');
    return { text: droppedReturn ? text.slice(0, -1) : text, droppedReturn };
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

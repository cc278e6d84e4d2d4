/** Decides the grammar of a file from its first bytes and the definition. */
import { decodersOf } from '../../sources/text-decoder.ts';
import { delimiterIn, detectDelimiter, detectQuote } from './delimiter.ts';
import { encodingOf } from './encoding.ts';
import type { CsvSyntax, RecordGrammar } from './grammar.ts';

/** The members of a definition that describe the form of a file. Missing ones are detected. */
export interface FileForm {
  readonly format: RecordGrammar['format'];
  readonly encoding?: string | undefined;
  readonly recordSeparator?: string | undefined;
  /** `auto`: detected. */
  readonly delimiter?: string | undefined;
  /** Default: a double quote, or detected with the delimiter `auto`. */
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly strayQuotes: CsvSyntax['strayQuotes'];
  /** Lines before the header. */
  readonly skipLines: number;
}

export interface FileHead {
  readonly bytes: Uint8Array;
  /** True if the file has no further bytes. */
  readonly isWhole: boolean;
  readonly compression?: RecordGrammar['compression'];
}

export interface DecidedGrammar {
  readonly grammar: RecordGrammar;
  readonly markBytes: number;
}

export async function decideGrammar(form: FileForm, head: FileHead): Promise<DecidedGrammar> {
  const { encoding, markBytes } = await encodingOf(head.bytes, form.encoding, head.isWhole);
  const newDecoder = await decodersOf(encoding);
  const sample = newDecoder({ fatal: false, ignoreBOM: true }).decode(head.bytes.subarray(markBytes));
  const separator = separatorOf(form, sample);
  const grammar = {
    format: form.format,
    encoding,
    separator,
    ...(head.compression !== undefined && { compression: head.compression }),
  };
  if (form.format !== 'csv') return { grammar, markBytes };
  const lines = sample.split(separator.text).slice(form.skipLines);
  const quote = form.quote ?? (form.delimiter === 'auto' ? detectQuote(lines) : '"');
  const { strayQuotes } = form;
  const syntax = { quote, escape: form.escape ?? quote, strayQuotes };
  return {
    grammar: { ...grammar, csv: { ...syntax, delimiter: delimiterOf(form, lines, syntax) } },
    markBytes,
  };
}

/**
 * A file with a line feed is separated by line feeds, and a carriage return before one belongs to it if the file has such
 * pairs. Only a file without any line feed is separated by carriage returns. Text in quotes does not count.
 */
function separatorOf(
  { format, recordSeparator, quote = '"', escape: mark = quote }: FileForm,
  sample: string,
): RecordGrammar['separator'] {
  if (recordSeparator !== undefined) return { text: recordSeparator, dropsReturn: false };
  const unquoted = format === 'csv' && quote !== '' ? withoutQuoted(sample, quote, mark) : sample;
  // A quoted field may be longer than the sample.
  const text = /[\r\n]/.test(unquoted) ? unquoted : sample;
  if (text.includes('\n') || !text.includes('\r')) return { text: '\n', dropsReturn: text.includes('\r\n') };
  return { text: '\r', dropsReturn: false };
}

function withoutQuoted(sample: string, quote: string, mark: string): string {
  // A doubled quote opens a field again. An escaped one does not, so it is left out.
  const text = mark === quote ? sample : sample.replaceAll(mark + mark, '').replaceAll(mark + quote, '');
  return text
    .split(quote)
    .filter((_, position) => position % 2 === 0)
    .join('');
}

function delimiterOf(
  { delimiter }: FileForm,
  lines: readonly string[],
  syntax: Omit<CsvSyntax, 'delimiter'>,
): string {
  if (delimiter !== undefined && delimiter !== 'auto') return delimiter;
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const named = delimiterIn(first, syntax);
  if (named !== undefined) return named;
  return delimiter === 'auto' ? detectDelimiter(lines, syntax) : ',';
}

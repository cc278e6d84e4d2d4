/** Splits the text of a CSV record into its fields. */
import type { CsvSyntax } from './grammar.ts';

export type FieldsResult =
  | { readonly kind: 'fields'; readonly fields: string[] }
  /** A quoted field, which begins at `from`, has no closing quote. `fields` are those before it. */
  | { readonly kind: 'open'; readonly fields: string[]; readonly from: number }
  /** A quote is in the middle of a field. */
  | { readonly kind: 'stray'; readonly fieldNumber: number };

/**
 * Reading of quotes that do not follow the rules: refused, text of a quoted field that continues, or text of a field
 * that is not quoted.
 */
type Leniency = 'none' | 'inside' | 'outside';

export function csvFields(text: string, syntax: CsvSyntax, leniency: Leniency = 'none'): FieldsResult {
  const { delimiter, quote } = syntax;
  if (quote === '' || !text.includes(quote)) return { kind: 'fields', fields: text.split(delimiter) };
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const field = fieldAt(text, at, syntax, leniency);
    if (field === 'open') return { kind: 'open', fields, from: at };
    if (field === 'stray') return { kind: 'stray', fieldNumber: fields.length + 1 };
    fields.push(field.value);
    if (field.end === text.length) return { kind: 'fields', fields };
    at = field.end + delimiter.length;
  }
}

/**
 * Reads a record whose quotes do not follow the rules. Prefers the reading with the expected number of fields.
 * Returns `undefined` if there is none.
 */
export function lenientFields(
  text: string,
  syntax: CsvSyntax,
  expected: number | undefined,
): string[] | undefined {
  const readings = (['inside', 'outside'] as const)
    .map((leniency) => csvFields(text, syntax, leniency))
    .flatMap((result) => (result.kind === 'fields' ? [result.fields] : []));
  return readings.find(({ length }) => length === expected) ?? readings.at(-1);
}

interface Field {
  readonly value: string;
  /** Position of the delimiter behind it, or of the end of the text. */
  readonly end: number;
}

function fieldAt(text: string, at: number, syntax: CsvSyntax, leniency: Leniency): Field | 'open' | 'stray' {
  const { delimiter, quote } = syntax;
  if (text.startsWith(quote, at)) {
    const quoted = quotedFieldAt(text, at, syntax, leniency);
    if (leniency !== 'outside' || typeof quoted === 'object') return quoted;
  }
  const next = text.indexOf(delimiter, at);
  const end = next < 0 ? text.length : next;
  const value = text.slice(at, end);
  return leniency === 'none' && value.includes(quote) ? 'stray' : { value, end };
}

function quotedFieldAt(
  text: string,
  at: number,
  { delimiter, quote, escape: mark }: CsvSyntax,
  leniency: Leniency,
): Field | 'open' | 'stray' {
  let value = '';
  for (let from = at + quote.length; ; ) {
    const close = text.indexOf(quote, from);
    if (close < 0) return 'open';
    const escaped = mark === quote ? -1 : text.indexOf(mark, from);
    if (escaped >= 0 && escaped < close) {
      const next = escapedAt(text, escaped, quote, mark);
      const after = escaped + mark.length;
      value += text.slice(from, next === undefined ? after : escaped) + (next ?? '');
      from = after + (next?.length ?? 0);
      continue;
    }
    value += text.slice(from, close);
    const end = close + quote.length;
    if (end === text.length || text.startsWith(delimiter, end)) return { value, end };
    if (text.startsWith(quote, end)) {
      value += quote;
      from = end + quote.length;
      continue;
    }
    if (leniency !== 'inside') return 'stray';
    value += quote;
    from = end;
  }
}

/** True if a line that begins within a quoted field has the closing quote of that field. */
export function closesQuote(line: string, { quote, escape: mark }: CsvSyntax): boolean {
  for (let at = 0; ; ) {
    const close = line.indexOf(quote, at);
    if (close < 0) return false;
    const escaped = mark === quote ? -1 : line.indexOf(mark, at);
    const isEscaped = escaped >= 0 && escaped < close;
    if (!isEscaped && !line.startsWith(quote, close + quote.length)) return true;
    if (isEscaped) at = escaped + mark.length + (escapedAt(line, escaped, quote, mark)?.length ?? 0);
    else at = close + 2 * quote.length;
  }
}

/** Returns the quote or escape after an escape. Before any other character, the escape is text. */
function escapedAt(text: string, at: number, quote: string, mark: string): string | undefined {
  return [quote, mark].find((one) => text.startsWith(one, at + mark.length));
}

/** The grammar of the records of one file. It is decided once, so that every byte range of the file is read the same way. */
import * as z from 'zod';

/** `detected` drops a carriage return before each newline, because files mix both endings. */
const separator = z.strictObject({
  text: z.string().min(1),
  dropsReturn: z.boolean(),
});

const syntaxMembers = {
  delimiter: z.string(),
  /** Empty if no field is quoted. */
  quote: z.string(),
  /** Character before a quote within a quoted field. Equal to the quote if a quote is doubled. */
  escape: z.string(),
  strayQuotes: z.enum(['refuse', 'literal']),
};

/** The syntax of the fields of a CSV record. */
export type CsvSyntax = z.output<typeof csvSyntax>;
const csvSyntax = z.strictObject(syntaxMembers);

export type RecordGrammar = z.output<typeof recordGrammar>;
export const recordGrammar = z.strictObject({
  format: z.enum(['text', 'csv', 'jsonl']),
  /** WHATWG name. */
  encoding: z.string(),
  separator,
  csv: csvSyntax.exactOptional(),
  /** Compression of the file. It is then read from its start to its end. */
  compression: z.enum(['gzip', 'zstd']).exactOptional(),
});

/** The grammar of the records of one file. It is decided once, so that every byte range of the file is read the same way. */
import * as v from 'valibot';

/** `detected` drops a carriage return before each newline, because files mix both endings. */
const separator = v.strictObject({
  text: v.pipe(v.string(), v.nonEmpty()),
  dropsReturn: v.boolean(),
});

const syntaxMembers = {
  delimiter: v.string(),
  /** Empty if no field is quoted. */
  quote: v.string(),
  /** Character before a quote within a quoted field. Equal to the quote if a quote is doubled. */
  escape: v.string(),
  strayQuotes: v.picklist(['refuse', 'literal']),
};

/** The syntax of the fields of a CSV record. */
export type CsvSyntax = v.InferOutput<typeof csvSyntax>;
const csvSyntax = v.strictObject(syntaxMembers);

export type RecordGrammar = v.InferOutput<typeof recordGrammar>;
export const recordGrammar = v.strictObject({
  format: v.picklist(['text', 'csv', 'jsonl']),
  /** WHATWG name. */
  encoding: v.string(),
  separator,
  csv: v.exactOptional(csvSyntax),
  /** Compression of the file. It is then read from its start to its end. */
  compression: v.exactOptional(v.picklist(['gzip', 'zstd'])),
});

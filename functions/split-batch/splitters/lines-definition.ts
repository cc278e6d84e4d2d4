/** The definition of the splitter `lines`. */
import * as v from 'valibot';
import { count, integer } from '#contract/integers.ts';
import { encodingName } from '#core/encoding-name.ts';
import { syntaxFaults } from '#core/record-syntax.ts';
import { RULE_KEYWORD } from '#core/schema-rules.ts';
import { encodingProblem } from '#core/text-encodings.ts';

const MIN_RANGE_BYTES = 1024;
const MAX_RANGE_BYTES = 64 * 1024 * 1024;
const DEFAULT_RANGE_BYTES = 4 * 1024 * 1024;
const MAX_SEPARATOR_LENGTH = 8;

const source = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.regex(
    /^(upload:|s3:\/\/|https?:\/\/[^/?#\s]).+/,
    'must be upload:<id>, s3://bucket/key, s3://bucket/prefix/ for all files below it, or an https URL',
  ),
);

const oneCharacter = /^[^\r\n]$/u;
const oneCharacterOrNone = /^[^\r\n]?$/u;

const lineCount = (max: number, description: string) =>
  v.pipe(count, v.maxValue(max), v.description(description));

export const syntax = {
  format: v.optional(v.picklist(['text', 'csv', 'jsonl']), 'text'),
  encoding: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (label) => encodingProblem(label) === undefined,
        ({ input }) => encodingProblem(input) ?? '',
      ),
      v.metadata({
        description:
          'Label of the WHATWG Encoding Standard, such as windows-1252, cp1252 or shift_jis, in any case. A byte-order mark takes precedence. Default: detected.',
        [RULE_KEYWORD]: 'text-encoding',
      }),
      // Conversion to JSON Schema ends here.
      v.transform((label) => encodingName(label) ?? label),
    ),
  ),
  recordSeparator: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(MAX_SEPARATOR_LENGTH),
      v.description(
        'Text between records. Default: a line feed, with or without a carriage return before it, or a carriage return in files without line feeds.',
      ),
    ),
  ),
  header: v.optional(
    v.pipe(v.boolean(), v.description('CSV only: true if the file begins with the field names.')),
    true,
  ),
  headerLines: v.optional(
    v.pipe(
      integer,
      v.minValue(1),
      v.maxValue(20),
      v.description(
        'CSV only: number of records with field names. The names of a column are joined by spaces.',
      ),
    ),
    1,
  ),
  headerNames: v.optional(
    v.pipe(
      v.picklist(['refuse', 'unique']),
      v.description(
        'CSV only: refuse fails a job whose header has empty or repeated names; unique numbers them, such as name_2 and column_3.',
      ),
    ),
    'refuse',
  ),
  skipLines: v.optional(lineCount(10_000, 'Number of lines to skip at the start of each file.'), 0),
  skipLastLines: v.optional(lineCount(1_000, 'Number of lines to skip at the end of each file.'), 0),
  delimiter: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[^\r\n]{1,8}$/u, 'must be auto, or 1 to 8 characters without line breaks'),
      v.description(
        'CSV only: the separator of fields, 1 to 8 characters, or auto to detect it. Default: the one in a first line such as sep=; and otherwise a comma.',
      ),
    ),
  ),
  quote: v.optional(
    v.pipe(
      v.string(),
      v.regex(oneCharacterOrNone, 'must be one character, or empty for none'),
      v.description(
        'CSV only: the character around fields that contain delimiters or line breaks. Empty: none. Default: a double quote; with delimiter auto, detected.',
      ),
    ),
  ),
  escape: v.optional(
    v.pipe(
      v.string(),
      v.regex(oneCharacter, 'must be one character'),
      v.description(
        'CSV only: the character before a quote within a quoted field. Default: the quote itself.',
      ),
    ),
  ),
  strayQuotes: v.optional(
    v.pipe(
      v.picklist(['refuse', 'literal']),
      v.description(
        'CSV only: refuse fails a record with a quote in the middle of a field; literal reads the quote as text.',
      ),
    ),
    'refuse',
  ),
  raggedRows: v.optional(
    v.pipe(
      v.picklist(['refuse', 'keep']),
      v.description(
        'CSV only: refuse fails a record with more or fewer fields than the header; keep makes an item of it, with a member _note.',
      ),
    ),
    'refuse',
  ),
  idField: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(200),
      v.description('Column of a CSV file, or member of a JSON record, that contains the id of the item.'),
    ),
  ),
  allowEmpty: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'True if a file without records is valid. Otherwise, it fails the job unless it has no bytes.',
      ),
    ),
    false,
  ),
  rangeBytes: v.optional(
    v.pipe(integer, v.minValue(MIN_RANGE_BYTES), v.maxValue(MAX_RANGE_BYTES)),
    DEFAULT_RANGE_BYTES,
  ),
};

/** Rules between members in JSON Schema, so that the API refuses an invalid job at creation. */
const RULES = {
  [RULE_KEYWORD]: 'record-syntax',
  dependentSchemas: {
    idField: {
      properties: { format: { enum: ['csv', 'jsonl'] }, header: { const: true } },
      required: ['format'],
    },
  },
};

export const linesDefinition = v.pipe(
  v.strictObject({
    source: v.union([source, v.pipe(v.array(source), v.nonEmpty(), v.maxLength(10_000))]),
    ...syntax,
  }),
  v.forward(
    v.check(
      ({ format, header, idField }) => idField === undefined || (format !== 'text' && header),
      'requires format csv with a header, or format jsonl',
    ),
    ['idField'],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    for (const { member, reason } of syntaxFaults(value)) {
      const item = {
        type: 'object',
        origin: 'value',
        input: value,
        key: member,
        value: value[member],
      } as const;
      addIssue({ message: reason, path: [item] });
    }
  }),
  v.metadata(RULES),
);
export type LinesDefinition = v.InferOutput<typeof linesDefinition>;

export const fileAddress = v.union([
  v.strictObject({ bucket: v.optional(v.string()), key: v.string() }),
  v.strictObject({ url: v.string() }),
]);
export type FileAddress = v.InferOutput<typeof fileAddress>;

export const fileDefinition = v.strictObject({
  address: fileAddress,
  /** Set for web files. The version of an object is read when the file is split. */
  etag: v.optional(v.string()),
  file: count,
  ...syntax,
});
export type FileDefinition = v.InferOutput<typeof fileDefinition>;

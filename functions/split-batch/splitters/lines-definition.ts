/** The definition of the splitter `lines`. */
import * as z from 'zod';
import { RULE_KEYWORD, ruleFaults } from '#core/schema-rules.ts';
import { encodingName } from '#core/text-encodings.ts';

const MIN_RANGE_BYTES = 1024;
const MAX_RANGE_BYTES = 64 * 1024 * 1024;
const DEFAULT_RANGE_BYTES = 4 * 1024 * 1024;
const MAX_SEPARATOR_LENGTH = 8;

const source = z
  .string()
  .max(4096)
  .regex(
    /^(upload:|s3:\/\/|https?:\/\/[^/?#\s]).+/,
    'must be upload:<id>, s3://bucket/key, s3://bucket/prefix/ for all files below it, or an https URL',
  );

const oneCharacter = /^[^\r\n]$/u;
const oneCharacterOrNone = /^[^\r\n]?$/u;

export const syntax = {
  format: z.enum(['text', 'csv', 'jsonl']).default('text'),
  encoding: z
    .string()
    .superRefine((label, context) => {
      for (const { detail } of ruleFaults('text-encoding', label))
        context.addIssue({ code: 'custom', message: detail });
    })
    .overwrite((label) => encodingName(label) ?? label)
    .optional()
    .meta({
      description:
        'Label of the WHATWG Encoding Standard, such as windows-1252, cp1252 or shift_jis, in any case. A byte-order mark takes precedence. Default: detected.',
      [RULE_KEYWORD]: 'text-encoding',
    }),
  recordSeparator: z
    .string()
    .min(1)
    .max(MAX_SEPARATOR_LENGTH)
    .optional()
    .describe(
      'Text between records. Default: a line feed, with or without a carriage return before it, or a carriage return in files without line feeds.',
    ),
  header: z.boolean().default(true).describe('CSV only: true if the file begins with the field names.'),
  headerLines: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe('CSV only: number of records with field names. The names of a column are joined by spaces.'),
  headerNames: z
    .enum(['refuse', 'unique'])
    .default('refuse')
    .describe(
      'CSV only: refuse fails a job whose header has empty or repeated names; unique numbers them, such as name_2 and column_3.',
    ),
  skipLines: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Number of lines to skip at the start of each file.'),
  skipLastLines: z
    .int()
    .min(0)
    .max(1_000)
    .default(0)
    .describe('Number of lines to skip at the end of each file.'),
  delimiter: z
    .string()
    .regex(/^[^\r\n]{1,8}$/u, 'must be auto, or 1 to 8 characters without line breaks')
    .optional()
    .describe(
      'CSV only: the separator of fields, 1 to 8 characters, or auto to detect it. Default: the one in a first line such as sep=; and otherwise a comma.',
    ),
  quote: z
    .string()
    .regex(oneCharacterOrNone, 'must be one character, or empty for none')
    .optional()
    .describe(
      'CSV only: the character around fields that contain delimiters or line breaks. Empty: none. Default: a double quote; with delimiter auto, detected.',
    ),
  escape: z
    .string()
    .regex(oneCharacter, 'must be one character')
    .optional()
    .describe('CSV only: the character before a quote within a quoted field. Default: the quote itself.'),
  strayQuotes: z
    .enum(['refuse', 'literal'])
    .default('refuse')
    .describe(
      'CSV only: refuse fails a record with a quote in the middle of a field; literal reads the quote as text.',
    ),
  raggedRows: z
    .enum(['refuse', 'keep'])
    .default('refuse')
    .describe(
      'CSV only: refuse fails a record with more or fewer fields than the header; keep makes an item of it, with a member _note.',
    ),
  idField: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Column of a CSV file, or member of a JSON record, that contains the id of the item.'),
  allowEmpty: z
    .boolean()
    .default(false)
    .describe('True if a file without records is valid. Otherwise, it fails the job unless it has no bytes.'),
  rangeBytes: z.int().min(MIN_RANGE_BYTES).max(MAX_RANGE_BYTES).default(DEFAULT_RANGE_BYTES),
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

export const linesDefinition = z
  .strictObject({
    source: z.union([source, z.array(source).min(1).max(10_000)]),
    ...syntax,
  })
  .superRefine((definition, context) => {
    const { format, header, idField } = definition;
    if (idField !== undefined && (format === 'text' || !header)) {
      const message = 'requires format csv with a header, or format jsonl';
      context.addIssue({ code: 'custom', path: ['idField'], message });
    }
    for (const { path, detail } of ruleFaults('record-syntax', definition))
      context.addIssue({ code: 'custom', path: [...path], message: detail });
  })
  .meta(RULES);
export type LinesDefinition = z.infer<typeof linesDefinition>;

export const fileAddress = z.union([
  z.strictObject({ bucket: z.string().optional(), key: z.string() }),
  z.strictObject({ url: z.string() }),
]);
export type FileAddress = z.output<typeof fileAddress>;

export const fileDefinition = z.strictObject({
  address: fileAddress,
  /** Set for web files. The version of an object is read when the file is split. */
  etag: z.string().optional(),
  file: z.number().int().nonnegative(),
  ...syntax,
});
export type FileDefinition = z.infer<typeof fileDefinition>;

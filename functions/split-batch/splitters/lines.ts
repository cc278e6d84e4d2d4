/**
 * Creates one item for each record of text, CSV or JSON Lines files, from S3, an upload or the web.
 *
 * There are three levels: the sources (a prefix may contain any number of files), each file, and byte ranges of a large
 * file. A file is read once to find the record that starts each range. Every record is then in exactly one range, also with
 * quoted newlines, and has its line number. The ranges are parsed in parallel.
 */
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  batch,
  type Child,
  checkpoint,
  defineSplitter,
  type SourceAddress,
  type SplitContext,
} from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import {
  csvFields,
  csvParser,
  describeFile,
  itemsOfRecords,
  type PinnedFile,
  readRecords,
  sourceChanged,
  textOf,
} from './records.ts';

const MIN_RANGE_BYTES = 1024;
const MAX_RANGE_BYTES = 64 * 1024 * 1024;
const DEFAULT_RANGE_BYTES = 4 * 1024 * 1024;
const FILES_PER_PAGE = 1_000;

/** Smaller than for objects, because each web file takes a request to its server. */
const WEB_FILES_PER_PAGE = 50;

const source = z
  .string()
  .max(4096)
  .regex(
    /^(upload:|s3:\/\/|https?:\/\/[^/?#\s]).+/,
    'must be upload:<id>, s3://bucket/key, s3://bucket/prefix/ for all files below it, or an https URL',
  );

const syntax = {
  format: z.enum(['text', 'csv', 'jsonl']).default('text'),
  header: z.boolean().default(true).describe('CSV only: true if the first record contains the field names.'),
  delimiter: z
    .string()
    .regex(/^[^"\r\n]$/u, 'must be one character, and neither a double quote nor a line break')
    .describe('CSV only: the separator of fields. One character, not a double quote or a line break.')
    .default(','),
  idField: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Column of a CSV file, or member of a JSON record, that contains the id of the item.'),
  rangeBytes: z.number().int().min(MIN_RANGE_BYTES).max(MAX_RANGE_BYTES).default(DEFAULT_RANGE_BYTES),
};

/** The rule of `idField` in JSON Schema, so that the API refuses an invalid job at creation. */
const ID_FIELD = {
  dependentSchemas: {
    idField: {
      properties: { format: { enum: ['csv', 'jsonl'] }, header: { const: true } },
      required: ['format'],
    },
  },
};

const linesDefinition = z
  .strictObject({
    source: z.union([source, z.array(source).min(1).max(10_000)]),
    ...syntax,
  })
  .superRefine(({ format, header, idField }, context) => {
    if (idField === undefined || (format !== 'text' && header)) return;
    const message = 'requires format csv with a header, or format jsonl';
    context.addIssue({ code: 'custom', path: ['idField'], message });
  })
  .meta(ID_FIELD);
type LinesDefinition = z.infer<typeof linesDefinition>;

export const lines = defineSplitter<LinesDefinition>({
  name: 'lines',
  description:
    'Creates one item for each text line, CSV row or JSON Lines record. Its id is <file index>:<line number>, or the value of idField.',
  definition: linesDefinition,
  split: splitSources,
});

interface SourceCursor {
  readonly source: number;
  readonly file: number;
  readonly after?: string;
}

async function* splitSources(
  definition: LinesDefinition,
  { cursor, objects }: SplitContext,
): AsyncGenerator<Child> {
  const { source: given, ...rest } = definition;
  const sources = Array.isArray(given) ? given : [given];
  const start = (cursor ?? { source: 0, file: 0 }) as SourceCursor;
  let { file, after } = start;
  for (const [position, one] of sources.entries()) {
    if (position < start.source) continue;
    const address = objects.resolve(one);
    if ('url' in address) {
      // The batch keeps the version of the file, for all later reads.
      const { etag } = await describeFile(objects, address);
      yield batch({ address, etag, file, ...rest }, linesFile.name);
      file += 1;
      if (file % WEB_FILES_PER_PAGE === 0)
        yield checkpoint({ source: position + 1, file } satisfies SourceCursor);
      continue;
    }
    if (!one.endsWith('/')) {
      yield batch({ address, file, ...rest }, linesFile.name);
      file += 1;
      continue;
    }
    do {
      const page = await objects.list(address, {
        limit: FILES_PER_PAGE,
        ...omitUndefined({ after }),
      });
      for (const { key } of page.objects) {
        if (key.endsWith('/')) continue;
        yield batch({ address: { ...address, key }, file, ...rest }, linesFile.name);
        file += 1;
      }
      after = page.next;
      if (after !== undefined) yield checkpoint({ source: position, file, after } satisfies SourceCursor);
    } while (after !== undefined);
  }
}

const fileDefinition = z.strictObject({
  address: z.union([
    z.strictObject({ bucket: z.string().optional(), key: z.string() }),
    z.strictObject({ url: z.string() }),
  ]),
  /** Set for web files. The version of an object is read when the file is split. */
  etag: z.string().optional(),
  file: z.number().int().nonnegative(),
  ...syntax,
});
type FileDefinition = z.infer<typeof fileDefinition>;

/** Splits one file of `lines`: a small file into items, a large one into byte ranges. */
export const linesFile = defineSplitter<FileDefinition>({
  name: 'lines/file',
  description: 'One file of the splitter lines.',
  definition: fileDefinition,
  stable: true,
  split: splitFile,
});

/** Start of a record. */
interface RecordStart {
  readonly from: number;
  readonly line: number;
}

interface FileCursor extends RecordStart {
  readonly etag: string;
  readonly columns?: readonly string[];
}

async function* splitFile(definition: FileDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { rangeBytes, file, ...form } = definition;
  const address = addressOf(definition.address, context);
  const info = await describeFile(context.objects, address);
  const resumed = context.cursor as FileCursor | undefined;
  const etag = resumed?.etag ?? definition.etag ?? info.etag;
  if (etag !== info.etag) throw sourceChanged(address);
  const start =
    resumed ?? (await afterHeader(definition, context, { address, etag: info.etag }, info.sizeBytes));
  const whole = { ...form, file, etag: info.etag, columns: start.columns, to: info.sizeBytes };
  if (info.sizeBytes <= rangeBytes || info.isReadWhole === true) {
    const only = { ...whole, from: start.from, line: start.line };
    for await (const child of splitRange(only, { ...context, cursor: undefined })) {
      yield child.kind === 'checkpoint' ? checkpoint({ ...start, ...(child.cursor as RecordStart) }) : child;
    }
    return;
  }
  const rest = { from: start.from, to: info.sizeBytes, line: start.line };
  let range = { from: start.from, line: start.line };
  for await (const records of readRecords(
    context.objects,
    { address, etag: info.etag },
    rest,
    form.format === 'csv',
  )) {
    for (const [position, { end }] of records.entries()) {
      if (end - range.from < rangeBytes && end < info.sizeBytes) continue;
      yield batch({ ...whole, from: range.from, to: end, line: range.line }, linesRange.name);
      range = { from: end, line: records[position + 1]?.line ?? nextLine(records, position) };
      yield checkpoint({ ...start, ...range } satisfies FileCursor);
    }
  }
}

/** Returns the line after a record: its own line plus one, plus one for each newline in it. */
function nextLine(records: readonly { bytes: Uint8Array; line: number }[], position: number): number {
  const record = records[position];
  return record === undefined ? 1 : record.line + 1 + record.bytes.filter((byte) => byte === 10).length;
}

/** Returns the start of the first record after the header, and the field names. */
async function afterHeader(
  { format, header, delimiter, idField }: FileDefinition,
  { objects }: SplitContext,
  pinned: PinnedFile,
  to: number,
): Promise<FileCursor> {
  const start = { from: 0, line: 1, etag: pinned.etag };
  if (format !== 'csv' || !header) return start;
  for await (const records of readRecords(objects, pinned, { from: 0, to, line: 1 }, true)) {
    const [first] = records;
    if (first === undefined) continue;
    const columns = csvFields(textOf(first), delimiter, await csvParser());
    if (idField !== undefined && !columns.includes(idField)) throw missingColumn(idField, columns, pinned);
    return { from: first.end, line: nextLine(records, 0), etag: pinned.etag, columns };
  }
  return { ...start, from: to };
}

const MAX_SHOWN_COLUMNS = 20;

function missingColumn(
  idField: string,
  columns: readonly string[],
  { address }: PinnedFile,
): PermanentFailure {
  const shown = columns.slice(0, MAX_SHOWN_COLUMNS).join(', ');
  return new PermanentFailure(
    'missing-column',
    `'${sourceName(address)}' has no column '${idField}' (idField). Its columns: ${shown}`,
  );
}

const { rangeBytes: _rangeBytes, ...recordSyntax } = syntax;

const rangeDefinition = z.strictObject({
  ...fileDefinition.omit({ rangeBytes: true }).shape,
  ...recordSyntax,
  etag: z.string(),
  columns: z.array(z.string()).readonly().optional(),
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  line: z.number().int().positive(),
});
type RangeDefinition = z.infer<typeof rangeDefinition>;

/** Splits one byte range of a file of `lines` into items. */
export const linesRange = defineSplitter<RangeDefinition>({
  name: 'lines/range',
  description: 'One byte range of a file of the splitter lines.',
  definition: rangeDefinition,
  stable: true,
  split: splitRange,
});

async function* splitRange(definition: RangeDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { file, format, etag } = definition;
  const pinned = { address: addressOf(definition.address, context), etag };
  const range = { ...definition, ...(context.cursor as RecordStart | undefined) };
  const syntaxOfRange = { ...definition, parseCsv: format === 'csv' ? await csvParser() : undefined };
  const pace = new CheckpointPace(context.itemsPerTask);
  for await (const records of readRecords(context.objects, pinned, range, format === 'csv')) {
    const found = itemsOfRecords(records, ({ line }) => `${file}:${line}`, syntaxOfRange);
    for (const [position, record] of records.entries()) {
      const child = found[position];
      if (child === undefined) continue;
      yield child;
      if (pace.isDue(record.bytes.length))
        yield checkpoint({ from: record.end, line: nextLine(records, position) } satisfies RecordStart);
    }
  }
}

function addressOf(address: FileDefinition['address'], { objects }: SplitContext): SourceAddress {
  return 'url' in address ? address : objects.locate(address);
}

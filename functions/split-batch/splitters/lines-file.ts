/** Splits one file of `lines`: a small file into items, a large one into byte ranges. */
import * as v from 'valibot';
import { count, positiveCount } from '#contract/integers.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { ObjectAddress } from '#core/object-address.ts';
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
import { columnsOf } from '../records/csv-header.ts';
import { decideGrammar } from '../records/decide-grammar.ts';
import { delimiterIn } from '../records/delimiter.ts';
import type { FileRecord } from '../records/file-record.ts';
import { type RecordGrammar, recordGrammar } from '../records/grammar.ts';
import { itemOfRecord } from '../records/items-of-records.ts';
import { describeVersion, type HeadedFile, type OpenFile, reopened, withHead } from '../records/open-file.ts';
import { readRecords } from '../records/read-records.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import {
  type FileAddress,
  type FileDefinition,
  fileAddress,
  fileDefinition,
  syntax,
} from './lines-definition.ts';
import { recordCursor, storedCursor } from './stored-cursor.ts';

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
  readonly etag?: string | undefined;
  /** Location of the decompressed file, which is read instead. */
  readonly unpacked?: ObjectAddress | undefined;
  readonly grammar: RecordGrammar;
  readonly columns?: readonly string[];
  /** True if a record was found before this point. */
  readonly hasRecords: boolean;
}

async function* splitFile(definition: FileDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { rangeBytes, skipLastLines } = definition;
  const address = addressOf(definition.address, context);
  const resumed = storedCursor(recordCursor, context) as FileCursor | undefined;
  const { file, start } =
    resumed === undefined
      ? await opened(definition, context, address)
      : { file: await reopened(resumed, context, address), start: resumed };
  const isWhole =
    file.sizeBytes <= rangeBytes || file.isReadWhole === true || start.grammar.compression !== undefined;
  const children = isWhole
    ? itemsOf(rangeOf(definition, start), context, { file, skipLastLines })
    : rangesOf(definition, context, { file, start });
  let { hasRecords } = start;
  for await (const child of children) {
    hasRecords ||= child.kind !== 'checkpoint';
    yield child.kind === 'checkpoint'
      ? checkpoint({ ...start, ...(child.cursor as RecordStart), hasRecords } satisfies FileCursor)
      : child;
  }
  if (hasRecords || definition.allowEmpty || file.sizeBytes === 0) return;
  throw new PermanentFailure(
    'no-records',
    `'${sourceName(address)}' has ${file.sizeBytes} bytes but no record. Check format, header and skipLines, or set allowEmpty to true.`,
  );
}

/** Ranges end where a record ends, so the file is read once to find these records. */
async function* rangesOf(
  definition: FileDefinition,
  { objects }: SplitContext,
  { file, start }: { readonly file: OpenFile; readonly start: FileCursor },
): AsyncGenerator<Child> {
  const { grammar, columns } = start;
  const range = { from: start.from, line: start.line, skipLastLines: definition.skipLastLines };
  let open = { ...start, to: start.from, hasItems: false };
  const rangeChild = () => batch({ ...rangeOf(definition, open), to: open.to }, linesRange.name);
  const reading = { grammar, range, fieldCount: columns?.length, needsFields: false };
  for await (const records of readRecords(objects, file, reading)) {
    for (const record of records) {
      open = { ...open, to: record.end, hasItems: open.hasItems || makesItem(record, grammar) };
      if (record.end - open.from < definition.rangeBytes || !open.hasItems) continue;
      yield rangeChild();
      open = { ...open, from: record.end, line: record.nextLine, hasItems: false };
      yield checkpoint({ from: open.from, line: open.line } satisfies RecordStart);
    }
  }
  if (open.hasItems) yield rangeChild();
}

/** Opens a file that no earlier invocation has opened. */
async function opened(
  definition: FileDefinition,
  context: SplitContext,
  address: SourceAddress,
): Promise<{ readonly file: OpenFile; readonly start: FileCursor }> {
  const described = await describeVersion(context.objects, address, definition.etag);
  const file = await withHead(context, described);
  return { file, start: await afterHeader(definition, context, file) };
}

/** Returns the start of the first record after the header, and the field names. */
async function afterHeader(
  definition: FileDefinition,
  { objects }: SplitContext,
  file: HeadedFile,
): Promise<FileCursor> {
  const { grammar, markBytes } = await decideGrammar(definition, file.content);
  const { etag, unpacked } = file;
  const begin = {
    ...{ from: markBytes, line: 1, grammar, hasRecords: false },
    ...omitUndefined({ etag, unpacked }),
  };
  const afterSkipped = await skippedLines(definition, objects, { file, start: begin });
  const { csv } = grammar;
  if (csv === undefined) return afterSkipped;
  const { from, line } = afterSkipped;
  const wanted = definition.header ? definition.headerLines : 0;
  const header: FileRecord[] = [];
  let start = afterSkipped;
  for await (const records of readRecords(objects, file, { grammar, range: { from, line } })) {
    for (const record of records) {
      const isSkipped =
        record.isBlank || (header.length === 0 && delimiterIn(record.text, csv) !== undefined);
      if (!isSkipped && header.length === wanted) return withColumns(definition, { start, header });
      if (!isSkipped) header.push(record);
      start = { ...start, from: record.end, line: record.nextLine };
    }
  }
  return withColumns(definition, { start, header });
}

function withColumns(
  definition: FileDefinition,
  { start, header }: { readonly start: FileCursor; readonly header: readonly FileRecord[] },
): FileCursor {
  if (header.length === 0) return start;
  return { ...start, columns: columnsOf(header, definition, nameOf(definition.address)) };
}

/** Skips lines before the header. They are no records, and may contain any quotes. */
async function skippedLines(
  { skipLines }: FileDefinition,
  objects: SplitContext['objects'],
  { file, start }: { readonly file: OpenFile; readonly start: FileCursor },
): Promise<FileCursor> {
  if (skipLines === 0) return start;
  const { csv: _csv, ...grammar } = start.grammar;
  let last: FileCursor = start;
  for await (const lines of readRecords(objects, file, { grammar, range: start })) {
    for (const { end, nextLine } of lines) {
      last = { ...last, from: end, line: nextLine };
      if (nextLine > skipLines) return last;
    }
  }
  return last;
}

function makesItem({ isBlank }: FileRecord, { format }: RecordGrammar): boolean {
  return format === 'text' || !isBlank;
}

const rangeDefinition = v.strictObject({
  address: fileAddress,
  etag: v.optional(v.string()),
  file: count,
  grammar: recordGrammar,
  columns: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  idField: syntax.idField,
  raggedRows: syntax.raggedRows,
  from: count,
  to: v.optional(count),
  line: positiveCount,
});
type RangeDefinition = v.InferOutput<typeof rangeDefinition>;

function rangeOf(
  { address, file, idField, raggedRows }: FileDefinition,
  { etag, unpacked, grammar, columns, from, line }: FileCursor,
): RangeDefinition {
  const optional = omitUndefined({ etag, columns, idField });
  return { address: unpacked ?? address, file, grammar, raggedRows, from, line, ...optional };
}

/** Splits one byte range of a file of `lines` into items. */
export const linesRange = defineSplitter<RangeDefinition>({
  name: 'lines/range',
  description: 'One byte range of a file of the splitter lines.',
  definition: rangeDefinition,
  stable: true,
  split(definition, context) {
    const address = addressOf(definition.address, context);
    const { etag, to = 0 } = definition;
    const rest = { ...definition, ...storedCursor(recordCursor, context) };
    return itemsOf(rest, context, { file: { address, etag, sizeBytes: to }, skipLastLines: 0 });
  },
});

async function* itemsOf(
  definition: RangeDefinition,
  { objects, itemsPerTask }: SplitContext,
  { file, skipLastLines }: { readonly file: OpenFile; readonly skipLastLines: number },
): AsyncGenerator<Child> {
  const { grammar, columns, from, to, line } = definition;
  const meaning = { ...definition, format: grammar.format };
  const range = { from, to, line, skipLastLines };
  const pace = new CheckpointPace(itemsPerTask);
  for await (const records of readRecords(objects, file, { grammar, range, fieldCount: columns?.length })) {
    for (const record of records) {
      const child = itemOfRecord(record, `${definition.file}:${record.line}`, meaning);
      if (child === undefined) continue;
      yield child;
      if (pace.isDue(record.bytes))
        yield checkpoint({ from: record.end, line: record.nextLine } satisfies RecordStart);
    }
  }
}

/** Returns the name of a file for messages. */
function nameOf(address: FileAddress): string {
  return sourceName('url' in address ? address : (omitUndefined(address) as ObjectAddress));
}

function addressOf(address: FileAddress, { objects }: SplitContext) {
  return 'url' in address ? address : objects.locate(address);
}

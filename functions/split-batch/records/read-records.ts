/** Reads the records of a range of a file by its grammar. */
import type { ReadableObjects } from '#core/splitter.ts';
import { csvRecords, lineRecords } from './assemble.ts';
import { type BytesRange, fileBlocks, type PinnedFile } from './file-bytes.ts';
import { type FileLine, fileLines } from './file-lines.ts';
import type { FileRecord } from './file-record.ts';
import type { RecordGrammar } from './grammar.ts';

export interface RecordRange extends BytesRange {
  /** Number of the first line, from 1. */
  readonly line: number;
  /** Number of lines at the end of the range that are not read. @default 0 */
  readonly skipLastLines?: number;
}

/** Yields some records at a time, at most a few thousand. */
export async function* readRecords(
  objects: ReadableObjects,
  file: PinnedFile & { readonly sizeBytes: number },
  {
    grammar,
    range,
    fieldCount,
    needsFields = true,
  }: {
    readonly grammar: RecordGrammar;
    readonly range: RecordRange;
    readonly fieldCount?: number | undefined;
    /** @default true */
    readonly needsFields?: boolean;
  },
): AsyncGenerator<FileRecord[]> {
  const blocks = fileBlocks(objects, { ...file, compression: grammar.compression }, range);
  const all = fileLines(blocks, grammar, range);
  const { skipLastLines = 0 } = range;
  const lines = skipLastLines === 0 ? all : withoutLast(all, skipLastLines);
  if (grammar.csv === undefined) yield* lineRecords(lines);
  else
    yield* csvRecords(lines, {
      csv: grammar.csv,
      separator: grammar.separator.text,
      fieldCount,
      needsFields,
    });
}

/** Holds back the last lines until it is known that others follow. */
async function* withoutLast(lines: AsyncIterable<FileLine[]>, count: number): AsyncGenerator<FileLine[]> {
  let held: FileLine[] = [];
  for await (const some of lines) {
    const known = [...held, ...some];
    held = known.splice(Math.max(0, known.length - count));
    yield known;
  }
}

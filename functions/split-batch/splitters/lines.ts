/**
 * Creates one item for each record of text, CSV or JSON Lines files, from S3, an upload or the web.
 *
 * There are three levels: the sources (a prefix may contain any number of files), each file, and byte ranges of a large
 * file. A file is read once to find the record that starts each range. Every record is then in exactly one range, also with
 * quoted newlines, and has its line number. The ranges are parsed in parallel, all by the grammar of the file.
 */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { batch, type Child, checkpoint, defineSplitter, type SplitContext } from '#core/splitter.ts';
import { describeFile } from '../records/file-bytes.ts';
import { type LinesDefinition, linesDefinition } from './lines-definition.ts';
import { linesFile } from './lines-file.ts';
import { storedCursor } from './stored-cursor.ts';

const FILES_PER_PAGE = 1_000;

/** Smaller than for objects, because each web file takes a request to its server. */
const WEB_FILES_PER_PAGE = 50;

export const lines = defineSplitter<LinesDefinition>({
  name: 'lines',
  description:
    'Creates one item for each text line, CSV row or JSON Lines record. Its id is <file index>:<line number>, or the value of idField.',
  definition: linesDefinition,
  split: splitSources,
});

type SourceCursor = v.InferOutput<typeof sourceCursor>;
const sourceCursor = v.looseObject({ source: integer, file: integer, after: v.exactOptional(v.string()) });

async function* splitSources(definition: LinesDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { objects } = context;
  const { source: given, ...rest } = definition;
  const sources = Array.isArray(given) ? given : [given];
  const start: SourceCursor = storedCursor(sourceCursor, context) ?? { source: 0, file: 0 };
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

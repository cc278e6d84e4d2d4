import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { mimeTypeOf } from '#core/mime-types.ts';
import {
  brokenItem,
  type Child,
  checkpoint,
  defineSplitter,
  item,
  type SplitContext,
} from '#core/splitter.ts';
import { NAME_ENCODINGS } from '../../sources/archive-encodings.ts';
import { entryUrl } from '../../sources/entry-url.ts';
import { entryProblem } from '../../sources/zip-content.ts';
import { readDirectory, type ZipDirectory } from '../../sources/zip-directory.ts';
import { readEntries, type ZipEntry } from '../../sources/zip-entry-list.ts';
import { type ZipFile, zipFileOf } from '../../sources/zip-file.ts';
import { describeFile, sourceChanged } from '../records/file-bytes.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import { storedCursor } from './stored-cursor.ts';

const MAX_ENTRIES = 1_000_000;

/** Maximum ratio of all entries together. Entries may share bytes, so each one alone can look harmless. */
const MAX_RATIO = 1000;

/** Limits memory: the names of all entries are kept to find duplicates. */
const MAX_DIRECTORY_BYTES = 256 * 1024 * 1024;

/** Number of times that an item contains the name of its entry. */
const NAMES_PER_ITEM = 5;

const SOURCE = /^(upload:|s3:\/\/[^/]+\/|https?:\/\/[^/?#\s]+[/?]).+/;

const zipDefinition = v.strictObject({
  source: v.pipe(
    v.string(),
    v.maxLength(4096),
    v.regex(SOURCE, 'must be upload:<id>, s3://bucket/key or an https URL'),
    v.description('Location of a zip archive. A web server must support byte ranges.'),
  ),
  nameEncoding: v.optional(
    v.pipe(
      v.picklist(NAME_ENCODINGS),
      v.description(
        'Encoding of names that are not Unicode. Default: detected from all names of the archive.',
      ),
    ),
  ),
});
type ZipDefinition = v.InferOutput<typeof zipDefinition>;

export const zip = defineSplitter<ZipDefinition>({
  name: 'zip',
  description:
    'Creates one item for each file of a zip archive. Its id is the name, its payload {source, entry, size, compressedSize, nested?}, its part the file.',
  definition: zipDefinition,
  split: splitZip,
});

/** `at` is the offset of the next entry in the directory. */
const zipCursor = v.looseObject({ at: integer, etag: v.string() });

async function* splitZip(definition: ZipDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { objects, itemsPerTask } = context;
  const address = objects.resolve(definition.source);
  const info = await describeFile(objects, address);
  const { etag } = info;
  const file = zipFileOf(objects, address, info);
  const cursor = storedCursor(zipCursor, context) ?? { at: 0, etag };
  if (cursor.etag !== etag) throw sourceChanged(address);
  const directory = await readDirectory(file);
  assertSmall(directory);
  const seen = new Seen(file);
  const pace = new CheckpointPace(itemsPerTask);
  // A continuation also reads earlier entries, because names and sizes are checked for the whole archive.
  for await (const entry of readEntries(file, directory, definition.nameEncoding)) {
    const problem = entry.name.endsWith('/') ? undefined : seen.problemOf(entry);
    if (entry.nextAt <= cursor.at || entry.name.endsWith('/')) continue;
    yield problem === undefined ? itemOf(definition, entry) : brokenItem(entry.name, problem);
    if (pace.isDue(NAMES_PER_ITEM * entry.name.length)) yield checkpoint({ at: entry.nextAt, etag });
  }
}

function itemOf(
  { source, nameEncoding }: ZipDefinition,
  { name, sizeBytes, compressedBytes }: ZipEntry,
): Child {
  const filename = name.split('/').at(-1) ?? name;
  const url = entryUrl(source, { name, nameEncoding });
  const part: Part = { type: 'BASE_PART', filename, mimeType: mimeTypeOf(filename), url, sizeBytes };
  const nested = /\.zip$/i.test(name) ? { nested: true } : {};
  return item(name, { source, entry: name, size: sizeBytes, compressedSize: compressedBytes, ...nested }, [
    part,
  ]);
}

class Seen {
  readonly #file: ZipFile;
  #sizeBytes = 0;
  count = 0;

  constructor(file: ZipFile) {
    this.#file = file;
  }

  problemOf(entry: ZipEntry): string | undefined {
    this.count += 1;
    assertFew(this.count, MAX_ENTRIES);
    const problem = entryProblem(entry);
    if (problem !== undefined) return problem;
    this.#sizeBytes += entry.sizeBytes;
    if (this.#sizeBytes <= MAX_RATIO * this.#file.sizeBytes) return undefined;
    throw new PermanentFailure(
      'archive-bomb',
      `the entries of '${this.#file.name}' grow to more than ${MAX_RATIO} times its ${this.#file.sizeBytes} bytes`,
    );
  }
}

function assertSmall({ from, to }: ZipDirectory): void {
  if (to - from <= MAX_DIRECTORY_BYTES) return;
  throw new PermanentFailure(
    'limit',
    `the directory of the archive has ${to - from} bytes; at most ${MAX_DIRECTORY_BYTES} are allowed`,
  );
}

function assertFew(entries: number, most: number): void {
  if (entries <= most) return;
  throw new PermanentFailure(
    'limit',
    `the archive has ${entries} entries or more; at most ${most} are allowed`,
  );
}

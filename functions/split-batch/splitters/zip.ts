import * as z from 'zod';
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
import { sourceName } from '../../sources/object-blocks.ts';
import {
  readDirectory,
  readEntries,
  type ZipDirectory,
  type ZipEntry,
  type ZipFile,
  zipFileOf,
} from '../../sources/zip-directory.ts';
import { entryProblem, entryUrl } from '../../sources/zip-entries.ts';
import { describeFile, sourceChanged } from '../records/file-bytes.ts';
import { CheckpointPace } from './checkpoint-pace.ts';

const MAX_ENTRIES = 1_000_000;

/** Maximum ratio of all entries together. Entries may share bytes, so each one alone can look harmless. */
const MAX_RATIO = 1000;

/** Limits memory: the names of all entries are kept to find duplicates. */
const MAX_DIRECTORY_BYTES = 256 * 1024 * 1024;

/** Number of times that an item contains the name of its entry. */
const NAMES_PER_ITEM = 5;

const SOURCE = /^(upload:|s3:\/\/[^/]+\/|https?:\/\/[^/?#\s]+[/?]).+/;

const zipDefinition = z.strictObject({
  source: z
    .string()
    .max(4096)
    .regex(SOURCE, 'must be upload:<id>, s3://bucket/key or an https URL')
    .describe('Location of a zip archive. A web server must support byte ranges.'),
});
type ZipDefinition = z.infer<typeof zipDefinition>;

export const zip = defineSplitter<ZipDefinition>({
  name: 'zip',
  description:
    'Creates one item for each file of a zip archive. Its id is the name, its payload {source, entry, size, compressedSize, nested?}, its part the file.',
  definition: zipDefinition,
  split: splitZip,
});

interface ZipCursor {
  /** Offset of the next entry in the directory. */
  readonly at: number;
  readonly etag: string;
}

async function* splitZip({ source }: ZipDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { objects, itemsPerTask } = context;
  const address = objects.resolve(source);
  const file = zipFileOf(address, await describeFile(objects, address));
  const { etag } = file;
  const cursor = (context.cursor ?? { at: 0, etag }) as ZipCursor;
  if (cursor.etag !== etag) throw sourceChanged(address);
  const directory = await readDirectory(objects, file);
  assertFew(directory.entries, MAX_ENTRIES);
  assertSmall(directory);
  const seen = new Seen(file);
  const pace = new CheckpointPace(itemsPerTask);
  // A continuation also reads earlier entries, because names and sizes are checked for the whole archive.
  for await (const entry of readEntries(objects, file, directory)) {
    const problem = entry.name.endsWith('/') ? undefined : seen.problemOf(entry);
    if (entry.nextAt <= cursor.at || entry.name.endsWith('/')) continue;
    yield problem === undefined ? itemOf(source, entry) : brokenItem(entry.name, problem);
    if (pace.isDue(NAMES_PER_ITEM * entry.name.length)) yield checkpoint({ at: entry.nextAt, etag });
  }
}

function itemOf(source: string, { name, sizeBytes, compressedBytes }: ZipEntry): Child {
  const filename = name.split('/').at(-1) ?? name;
  const url = entryUrl(source, name);
  const part: Part = { type: 'BASE_PART', filename, mimeType: mimeTypeOf(filename), url, sizeBytes };
  const nested = /\.zip$/i.test(name) ? { nested: true } : {};
  return item(name, { source, entry: name, size: sizeBytes, compressedSize: compressedBytes, ...nested }, [
    part,
  ]);
}

class Seen {
  readonly #file: ZipFile;
  readonly #names = new Set<string>();
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
    if (this.#names.has(entry.name)) return `an earlier entry has the same name '${entry.name}'`;
    this.#names.add(entry.name);
    this.#sizeBytes += entry.sizeBytes;
    if (this.#sizeBytes <= MAX_RATIO * this.#file.sizeBytes) return undefined;
    throw new PermanentFailure(
      'archive-bomb',
      `the entries of '${sourceName(this.#file.address)}' grow to more than ${MAX_RATIO} times its ${this.#file.sizeBytes} bytes`,
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

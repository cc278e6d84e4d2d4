/**
 * Reads entries of zip archives. The URL of an entry is `<url of the archive>#entry=<name, percent-encoded>`, with
 * `#names=<encoding>` before `#entry=` if the user specified the encoding of the names.
 */
import { PermanentFailure } from '#core/errors.ts';
import { entryIn, entrySource } from '#core/source-name.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { ArchiveCache } from './archive-cache.ts';
import { NAME_ENCODINGS, type NameEncoding } from './name-encodings.ts';
import { sourceName } from './object-blocks.ts';
import { acceptedContent } from './zip-content.ts';
import { zipFileOf } from './zip-file.ts';

export function entryUrl(archive: string, { name, nameEncoding }: EntryName): string {
  const source = nameEncoding === undefined ? archive : `${archive}${ENCODING_MARK}${nameEncoding}`;
  return entrySource(source, encodeURIComponent(name.toWellFormed()));
}

const ENCODING_MARK = '#names=';

export function parseEntryUrl(url: string): (EntryName & { readonly archive: string }) | undefined {
  const entry = entryIn(url);
  if (entry === undefined) return undefined;
  const nameEncoding = NAME_ENCODINGS.find((name) => entry.archive.endsWith(`${ENCODING_MARK}${name}`));
  const archive =
    nameEncoding === undefined
      ? entry.archive
      : entry.archive.slice(0, -(ENCODING_MARK.length + nameEncoding.length));
  try {
    return { archive, nameEncoding, name: decodeURIComponent(entry.name) };
  } catch {
    throw new PermanentFailure('part-unknown', `the name of the entry in '${url}' is not percent-encoded`);
  }
}

export interface OpenEntry {
  readonly sizeBytes: number;
  /** Never more than `sizeBytes`. Throws if size or checksum do not match the directory. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface EntryPorts {
  readonly objects: ReadableObjects;
  readonly archives: ArchiveCache;
}

/** Name of an entry, and the encoding of the archive's names if the user knows it. */
export interface EntryName {
  readonly name: string;
  readonly nameEncoding?: NameEncoding | undefined;
}

export async function openEntry(
  { objects, archives }: EntryPorts,
  address: SourceAddress,
  { name, nameEncoding }: EntryName,
): Promise<OpenEntry> {
  const info = await objects.describe(address);
  if (info === undefined) {
    throw new PermanentFailure(
      'part-missing',
      `archive '${sourceName(address)}' does not exist. Check whether it was deleted.`,
    );
  }
  const file = zipFileOf(objects, address, info);
  const entries = await archives.entriesOf(file, nameEncoding);
  const entry = entries.get(name.normalize('NFC'));
  if (entry === undefined) {
    throw new PermanentFailure(
      'part-missing',
      `archive '${sourceName(address)}' has no entry '${name}'. Check the name.`,
    );
  }
  return { sizeBytes: entry.sizeBytes, body: acceptedContent(file, entry) };
}

/** Reads entries of zip archives. */
import { PermanentFailure } from '#core/errors.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { ArchiveCache } from './archive-cache.ts';
import type { EntryName } from './entry-url.ts';
import { sourceName } from './object-blocks.ts';
import { acceptedContent } from './zip-content.ts';
import { zipFileOf } from './zip-file.ts';

export interface OpenEntry {
  readonly sizeBytes: number;
  /** Never more than `sizeBytes`. Throws if size or checksum do not match the directory. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface EntryPorts {
  readonly objects: ReadableObjects;
  readonly archives: ArchiveCache;
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

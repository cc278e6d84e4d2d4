import type { NameEncoding } from './archive-encodings.ts';
import type { ZipEntry } from './zip-entry-list.ts';
import type { ZipFile } from './zip-file.ts';

/** Larger directories are not kept: each entry takes about 300 bytes of memory. */
const MAX_ENTRIES = 200_000;

/** By their names in Unicode's normal form C. */
export type EntriesByName = ReadonlyMap<string, ZipEntry>;

interface CachedDirectory {
  readonly id: string;
  readonly entries: Promise<EntriesByName>;
}

/**
 * Directory of the zip archive that was read last, so that a chunk of entries reads it once. One archive is enough:
 * the chunks of a job tend to follow each other.
 */
export class ArchiveCache {
  #last: CachedDirectory | undefined;

  entriesOf(file: ZipFile, nameEncoding?: NameEncoding): Promise<EntriesByName> {
    const id = JSON.stringify([file.version, nameEncoding]);
    if (this.#last?.id === id) return this.#last.entries;
    const entries = readAllEntries(file, nameEncoding);
    this.#last = { id, entries };
    entries.then(
      ({ size }) => size > MAX_ENTRIES && this.#forget(id),
      () => this.#forget(id),
    );
    return entries;
  }

  #forget(id: string): void {
    if (this.#last?.id === id) this.#last = undefined;
  }
}

async function readAllEntries(file: ZipFile, nameEncoding?: NameEncoding): Promise<EntriesByName> {
  const { readDirectory } = await import('./zip-directory.ts');
  const { readEntries } = await import('./zip-entry-list.ts');
  const entries = new Map<string, ZipEntry>();
  for await (const entry of readEntries(file, await readDirectory(file), nameEncoding))
    entries.set(entry.name.normalize('NFC'), entry);
  return entries;
}

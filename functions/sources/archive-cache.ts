import type { ReadableObjects } from '#core/splitter.ts';
import { readDirectory, readEntries, type ZipEntry, type ZipFile } from './zip-directory.ts';

/** Larger directories are not kept: each entry takes about 300 bytes of memory. */
const MAX_ENTRIES = 200_000;

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

  entriesOf(objects: ReadableObjects, file: ZipFile): Promise<EntriesByName> {
    const id = JSON.stringify([file.address, file.etag]);
    if (this.#last?.id === id) return this.#last.entries;
    const entries = readAllEntries(objects, file);
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

/** The first entry of each name, which is also the one that the splitter `zip` takes. */
async function readAllEntries(objects: ReadableObjects, file: ZipFile): Promise<EntriesByName> {
  const entries = new Map<string, ZipEntry>();
  for await (const entry of readEntries(objects, file, await readDirectory(objects, file))) {
    if (!entries.has(entry.name)) entries.set(entry.name, entry);
  }
  return entries;
}

import { PermanentFailure } from '#core/errors.ts';
import { acceptedContent } from '../../../sources/zip-content.ts';
import { readDirectory } from '../../../sources/zip-directory.ts';
import { readEntries, type ZipEntry } from '../../../sources/zip-entry-list.ts';
import { type ZipFile, zipFileInMemory } from '../../../sources/zip-file.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

const MEBIBYTE = 1024 * 1024;

/** Maximum total of the entry sizes that the zip states. An entry that inflates to more than its stated size is broken. */
const MAX_INFLATED_BYTES = 256 * MEBIBYTE;
const MAX_ENTRIES = 10_000;
/** Text rarely compresses more than 20 times, but deflate can reach 1,000 times. Higher ratios indicate a zip bomb. */
const MAX_RATIO = 200;
/** The ratio is checked only for entries of at least this size. */
const MIN_BYTES_FOR_RATIO = MEBIBYTE;

/** Zip archive in memory. Reads one entry at a time, and enforces the limits above. */
export class ZipArchive {
  /** Files by name, in directory order. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #file: ZipFile;

  private constructor(file: ZipFile, entries: ReadonlyMap<string, ZipEntry>) {
    this.#file = file;
    this.entries = entries;
  }

  static async open(bytes: Uint8Array): Promise<ZipArchive> {
    const file = zipFileInMemory(bytes, 'the zip');
    try {
      return new ZipArchive(file, await listEntries(file));
    } catch (error) {
      throw toUnreadable(error);
    }
  }

  /** Yields the bytes of an entry in pieces. */
  async *pieces(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw brokenZip(`it has no entry '${name}'`);
    if (entry.isEncrypted) {
      throw new UnreadableDocument(
        'document-encrypted',
        `entry '${name}' of the zip is encrypted; remove the password and submit it again`,
      );
    }
    try {
      for await (const piece of acceptedContent(this.#file, entry))
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    } catch (error) {
      throw toUnreadable(error);
    }
  }

  /** Returns the first kilobytes of an entry, enough to detect its type. */
  async head(name: string): Promise<Buffer> {
    for await (const piece of this.pieces(name)) return piece;
    return Buffer.alloc(0);
  }

  async read(name: string): Promise<Buffer> {
    // The content never has more than the stated size.
    const content = Buffer.alloc(this.entries.get(name)?.sizeBytes ?? 0);
    let at = 0;
    for await (const piece of this.pieces(name)) at += piece.copy(content, at);
    return content;
  }
}

async function listEntries(file: ZipFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const entries = new Map<string, ZipEntry>();
  let inflatedBytes = 0;
  for await (const entry of readEntries(file, await readDirectory(file))) {
    if (entry.name.endsWith('/')) continue;
    entries.set(entry.name, entry);
    inflatedBytes += entry.sizeBytes;
    checkRatio(entry);
    if (inflatedBytes > MAX_INFLATED_BYTES)
      throw tooLarge(`its entries have more than ${MAX_INFLATED_BYTES / MEBIBYTE} MiB in total`);
    if (entries.size > MAX_ENTRIES) throw tooLarge(`it has more than ${MAX_ENTRIES} entries`);
  }
  return entries;
}

function checkRatio({ name, compressedBytes, sizeBytes }: ZipEntry): void {
  if (sizeBytes < MIN_BYTES_FOR_RATIO || sizeBytes <= compressedBytes * MAX_RATIO) return;
  throw tooLarge(
    `entry '${name}' inflates from ${compressedBytes} to ${sizeBytes} bytes, more than ${MAX_RATIO} times`,
  );
}

function tooLarge(why: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the zip is too large: ${why}; submit its files one by one`,
  );
}

/** Converts a failure of the zip. A retry would fail in the same way, so the document is unreadable. */
function toUnreadable(error: unknown): unknown {
  if (!(error instanceof PermanentFailure)) return error;
  return error.code === 'entry-refused'
    ? new UnreadableDocument('document-unsupported', error.message, { cause: error })
    : brokenZip(error.message, error);
}

function brokenZip(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the zip is broken or cut off: ${reason}; check that it opens and upload it again`,
    { cause },
  );
}

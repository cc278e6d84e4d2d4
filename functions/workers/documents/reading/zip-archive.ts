import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
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
  readonly entries: ReadonlyMap<string, Entry>;
  readonly #zip: ZipFile;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.entries = entries;
  }

  static async open(bytes: Uint8Array): Promise<ZipArchive> {
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const zip = await fromBufferPromise(buffer, { lazyEntries: true, autoClose: false });
      return new ZipArchive(zip, await listEntries(zip));
    } catch (error) {
      throw toUnreadable(error);
    }
  }

  /** Yields the bytes of an entry in pieces. */
  async *pieces(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw brokenZip(`it has no entry '${name}'`);
    if (entry.isEncrypted()) {
      throw new UnreadableDocument(
        'document-encrypted',
        `entry '${name}' of the zip is encrypted; remove the password and submit it again`,
      );
    }
    try {
      for await (const piece of await this.#zip.openReadStreamPromise(entry)) yield piece;
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
    // The library never inflates more than the stated size.
    const content = Buffer.alloc(this.entries.get(name)?.uncompressedSize ?? 0);
    let at = 0;
    for await (const piece of this.pieces(name)) at += piece.copy(content, at);
    return content;
  }
}

async function listEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let inflatedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    entries.set(entry.fileName, entry);
    inflatedBytes += entry.uncompressedSize;
    checkRatio(entry);
    if (inflatedBytes > MAX_INFLATED_BYTES)
      throw tooLarge(`its entries have more than ${MAX_INFLATED_BYTES / MEBIBYTE} MiB in total`);
    if (entries.size > MAX_ENTRIES) throw tooLarge(`it has more than ${MAX_ENTRIES} entries`);
  }
  return entries;
}

function checkRatio({ fileName, compressedSize, uncompressedSize }: Entry): void {
  if (uncompressedSize < MIN_BYTES_FOR_RATIO || uncompressedSize <= compressedSize * MAX_RATIO) return;
  throw tooLarge(
    `entry '${fileName}' inflates from ${compressedSize} to ${uncompressedSize} bytes, more than ${MAX_RATIO} times`,
  );
}

function tooLarge(why: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the zip is too large: ${why}; submit its files one by one`,
  );
}

/** Messages of the library about entry names that point outside the target folder. */
const OUTSIDE_NAME = /^(?:invalid relative path|absolute path): (.*)$/s;

/** Converts an error of the library. A retry would fail in the same way, so the document is unreadable. */
function toUnreadable(error: unknown): UnreadableDocument {
  if (error instanceof UnreadableDocument) return error;
  const [, name] = OUTSIDE_NAME.exec(error instanceof Error ? error.message : '') ?? [];
  if (name !== undefined) {
    return new UnreadableDocument(
      'document-broken',
      `the zip is not valid: the name of its entry '${name}' leads outside the zip; pack it again with relative names without ..`,
      { cause: error },
    );
  }
  return brokenZip(error instanceof Error ? error.message : String(error), error);
}

function brokenZip(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the zip is broken or cut off: ${reason}; check that it opens and upload it again`,
    { cause },
  );
}

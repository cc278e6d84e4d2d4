/**
 * Reads the directory of a zip archive by ranges from its end (APPNOTE 4.3). Archives are untrusted: every length is checked
 * against the size of the file before it is used.
 */
import { PermanentFailure } from '#core/errors.ts';
import type { ReadableObjects, SourceAddress, SourceInfo } from '#core/splitter.ts';
import { pinnedBytes, sourceName } from './object-blocks.ts';

type Yauzl = Pick<typeof import('yauzl'), 'getFileNameLowLevel' | 'parseExtraFields'>;

export interface ZipFile {
  readonly address: SourceAddress;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** Range of the directory in the archive. */
export interface ZipDirectory {
  readonly from: number;
  readonly to: number;
  readonly entries: number;
}

export interface ZipEntry {
  /** The name in the archive, with / between folders. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly method: number;
  readonly crc32: number;
  readonly isEncrypted: boolean;
  /** Offset of the local header. */
  readonly headerAt: number;
  /** Offset of the next entry in the directory. */
  readonly nextAt: number;
}

const END_RECORD_BYTES = 22;
const END_RECORD = 0x06054b50;
const MAX_COMMENT_BYTES = 0xffff;
const LOCATOR_BYTES = 20;
const LOCATOR = 0x07064b50;
const ZIP64_RECORD_BYTES = 56;
const ZIP64_RECORD = 0x06064b50;
const ENTRY_BYTES = 46;
const ENTRY = 0x02014b50;
const ZIP64_FIELD = 0x0001;
const IN_ZIP64_FIELD = 0xffffffff;
const ENCRYPTED_FLAGS = 0x41;

/** Maximum size of an entry with name, extra fields and comment, each up to 64 KiB. */
const MAX_ENTRY_BYTES = ENTRY_BYTES + 3 * 0xffff;
const BLOCK_BYTES = 1024 * 1024;

/** Throws if the server supports no ranges, because each entry would read the whole archive. */
export function zipFileOf(address: SourceAddress, { sizeBytes, etag, isReadWhole }: SourceInfo): ZipFile {
  if (isReadWhole !== true) return { address, etag, sizeBytes };
  throw new PermanentFailure(
    'ranges-unsupported',
    `${sourceName(address)} supports no byte ranges with a strong ETag, which zip archives need. Upload it instead (POST …/uploads).`,
  );
}

export async function readDirectory(objects: ReadableObjects, file: ZipFile): Promise<ZipDirectory> {
  const from = Math.max(0, file.sizeBytes - LOCATOR_BYTES - END_RECORD_BYTES - MAX_COMMENT_BYTES);
  const tail = await readRange(objects, file, from, file.sizeBytes);
  const at = endRecordAt(tail);
  if (at === undefined)
    throw brokenArchive(file, 'it has no end record. Check that it is a zip archive and is complete.');
  const locatorAt = at - LOCATOR_BYTES;
  const isZip64 = locatorAt >= 0 && tail.readUInt32LE(locatorAt) === LOCATOR;
  const directory = isZip64
    ? await zip64Directory(objects, file, longAt(tail, locatorAt + 8))
    : directoryOf(tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16));
  const { to, entries } = directory;
  if (to > from + at || entries * ENTRY_BYTES > to - directory.from) {
    throw brokenArchive(file, 'its directory is outside of the file');
  }
  return directory;
}

function endRecordAt(tail: Buffer): number | undefined {
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_RECORD) continue;
    if (at + END_RECORD_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return undefined;
}

async function zip64Directory(objects: ReadableObjects, file: ZipFile, at: number): Promise<ZipDirectory> {
  const record = await readRange(objects, file, at, at + ZIP64_RECORD_BYTES);
  if (record.readUInt32LE(0) !== ZIP64_RECORD) throw brokenArchive(file, 'its zip64 end record is missing');
  return directoryOf(longAt(record, 32), longAt(record, 40), longAt(record, 48));
}

function directoryOf(entries: number, sizeBytes: number, from: number): ZipDirectory {
  return { from, to: from + sizeBytes, entries };
}

/** Yields the entries from an offset in the directory on, read block by block. */
export async function* readEntries(
  objects: ReadableObjects,
  file: ZipFile,
  { from, to }: { from: number; to: number },
): AsyncGenerator<ZipEntry> {
  // Most jobs read no archive.
  const zip = await import('yauzl');
  let block: Buffer = Buffer.alloc(0);
  let blockAt = from;
  for (let at = from; at < to; ) {
    const isCut = blockAt + block.length - at < MAX_ENTRY_BYTES && blockAt + block.length < to;
    if (isCut || block.length === 0) {
      block = await readRange(objects, file, at, Math.min(to, at + BLOCK_BYTES));
      blockAt = at;
    }
    const entry = entryAt({ zip, file, block, start: at - blockAt, at });
    yield entry;
    at = entry.nextAt;
  }
}

interface EntryInput {
  readonly zip: Yauzl;
  readonly file: ZipFile;
  readonly block: Buffer;
  /** Position of the entry in the block, and in the archive. */
  readonly start: number;
  readonly at: number;
}

function entryAt({ zip, file, block, start, at }: EntryInput): ZipEntry {
  const hasFixed = start + ENTRY_BYTES <= block.length;
  if (!hasFixed || block.readUInt32LE(start) !== ENTRY)
    throw brokenArchive(file, `it has no entry at byte ${at}`);
  const nameEnd = start + ENTRY_BYTES + block.readUInt16LE(start + 28);
  const extraEnd = nameEnd + block.readUInt16LE(start + 30);
  const end = extraEnd + block.readUInt16LE(start + 32);
  if (end > block.length) throw brokenArchive(file, `the entry at byte ${at} is cut off`);
  const extraFields = fieldsOf(zip, file, block.subarray(nameEnd, extraEnd), at);
  const long = longFields(extraFields.find(({ id }) => id === ZIP64_FIELD)?.data ?? Buffer.alloc(0));
  const flags = block.readUInt16LE(start + 8);
  const sizeBytes = long(block.readUInt32LE(start + 24));
  const compressedBytes = long(block.readUInt32LE(start + 20));
  return {
    name: zip.getFileNameLowLevel(flags, block.subarray(start + ENTRY_BYTES, nameEnd), extraFields, false),
    sizeBytes,
    compressedBytes,
    method: block.readUInt16LE(start + 10),
    crc32: block.readUInt32LE(start + 16),
    isEncrypted: (flags & ENCRYPTED_FLAGS) !== 0,
    headerAt: long(block.readUInt32LE(start + 42)),
    nextAt: at - start + end,
  };
}

function fieldsOf({ parseExtraFields }: Yauzl, file: ZipFile, bytes: Buffer, at: number) {
  try {
    return parseExtraFields(bytes);
  } catch {
    throw brokenArchive(file, `the extra fields of the entry at byte ${at} are cut off`);
  }
}

/** Returns a function that resolves numbers above 32 bits. The zip64 field contains them in the order of the calls. */
function longFields(data: Buffer): (short: number) => number {
  let at = 0;
  return (short) => {
    if (short !== IN_ZIP64_FIELD || at + 8 > data.length) return short;
    at += 8;
    return longAt(data, at - 8);
  };
}

/** Numbers above 2^53 lose precision, but are refused anyway because they are outside of the file. */
function longAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

/** Returns exactly these bytes. Throws if the archive is shorter. */
export async function readRange(
  objects: ReadableObjects,
  file: ZipFile,
  from: number,
  to: number,
): Promise<Buffer> {
  if (to > file.sizeBytes) throw brokenArchive(file, `it points to byte ${to} of ${file.sizeBytes}`);
  const bytes = await pinnedBytes(objects, file.address, { from, to, etag: file.etag });
  if (bytes.length !== to - from) throw brokenArchive(file, 'it is cut off');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function brokenArchive({ address }: ZipFile, why: string): PermanentFailure {
  return new PermanentFailure(
    'archive-broken',
    `'${sourceName(address)}' cannot be read as a zip archive: ${why}`,
  );
}

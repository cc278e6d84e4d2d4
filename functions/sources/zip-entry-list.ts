import type { NameEncoding } from './archive-encodings.ts';
import { longAt, type ZipDirectory } from './zip-directory.ts';
import { brokenArchive, readRange, type ZipFile } from './zip-file.ts';
import { DistinctNames, type StoredName, ZipNames } from './zip-names.ts';

export interface ZipEntry {
  /** The name in the archive, with / between folders. An equal name of an earlier entry adds a number: `a (2).txt`. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly method: number;
  readonly crc32: number;
  readonly isEncrypted: boolean;
  /** Offset of the local header in the file. */
  readonly headerAt: number;
  /** Offset of the next entry in the directory. */
  readonly nextAt: number;
}

type StoredEntry = Omit<ZipEntry, 'name'> & { readonly storedName: StoredName };

const ENTRY_BYTES = 46;
const ENTRY = 0x02014b50;
const SIGNATURE = 0x05054b50;
const ZIP64_FIELD = 0x0001;
const IN_ZIP64_FIELD = 0xffffffff;
const ENCRYPTED_FLAGS = 0x41;
const UTF8_FLAG = 0x800;

/** Maximum size of an entry with name, extra fields and comment, each up to 64 KiB. */
const MAX_ENTRY_BYTES = ENTRY_BYTES + 3 * 0xffff;
const BLOCK_BYTES = 1024 * 1024;

/** Yields the entries of the directory in order, read block by block. */
export async function* readEntries(
  file: ZipFile,
  directory: ZipDirectory,
  nameEncoding?: NameEncoding,
): AsyncGenerator<ZipEntry> {
  const names = new ZipNames(nameEncoding, () => storedNames(file, directory));
  const distinctNames = new DistinctNames();
  for await (const { storedName, ...entry } of storedEntries(file, directory)) {
    yield { ...entry, name: distinctNames.take(await names.nameOf(storedName)) };
  }
}

async function* storedNames(file: ZipFile, directory: ZipDirectory): AsyncGenerator<StoredName> {
  for await (const { storedName } of storedEntries(file, directory)) yield storedName;
}

async function* storedEntries(file: ZipFile, directory: ZipDirectory): AsyncGenerator<StoredEntry> {
  const { from, to } = directory;
  let block: Buffer = Buffer.alloc(0);
  let blockAt = from;
  for (let at = from; at < to; ) {
    const isCut = blockAt + block.length - at < MAX_ENTRY_BYTES && blockAt + block.length < to;
    if (isCut || block.length === 0) {
      block = await readRange(file, at, Math.min(to, at + BLOCK_BYTES));
      blockAt = at;
    }
    const start = at - blockAt;
    // A digital signature may follow the last entry.
    if (start + 4 <= block.length && block.readUInt32LE(start) === SIGNATURE) return;
    const entry = entryAt(file, directory, { block, start, at });
    yield entry;
    at = entry.nextAt;
  }
}

function entryAt(
  file: ZipFile,
  { prefixBytes }: ZipDirectory,
  { block, start, at }: { readonly block: Buffer; readonly start: number; readonly at: number },
): StoredEntry {
  const hasFixed = start + ENTRY_BYTES <= block.length;
  if (!hasFixed || block.readUInt32LE(start) !== ENTRY)
    throw brokenArchive(file, `it has no entry at byte ${at}`);
  const nameEnd = start + ENTRY_BYTES + block.readUInt16LE(start + 28);
  const extraEnd = nameEnd + block.readUInt16LE(start + 30);
  const end = extraEnd + block.readUInt16LE(start + 32);
  if (end > block.length) throw brokenArchive(file, `the entry at byte ${at} is cut off`);
  const extraFields = fieldsOf(block.subarray(nameEnd, extraEnd));
  const long = longFields(extraFields.get(ZIP64_FIELD) ?? Buffer.alloc(0));
  const flags = block.readUInt16LE(start + 8);
  const sizeBytes = long(block.readUInt32LE(start + 24));
  const compressedBytes = long(block.readUInt32LE(start + 20));
  return {
    storedName: {
      bytes: block.subarray(start + ENTRY_BYTES, nameEnd),
      isUtf8: (flags & UTF8_FLAG) !== 0,
      extraFields,
    },
    sizeBytes,
    compressedBytes,
    method: block.readUInt16LE(start + 10),
    crc32: block.readUInt32LE(start + 16),
    isEncrypted: (flags & ENCRYPTED_FLAGS) !== 0,
    headerAt: prefixBytes + long(block.readUInt32LE(start + 42)),
    nextAt: at - start + end,
  };
}

/** Returns the first extra field of each id. Bytes that are not a whole field are padding of some writers. */
function fieldsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    const id = bytes.readUInt16LE(at);
    if (end <= bytes.length && !fields.has(id)) fields.set(id, bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
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

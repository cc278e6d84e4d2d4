/** Reads entries of zip archives. The URL of an entry is `<url of the archive>#entry=<name, percent-encoded>`. */
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { PermanentFailure } from '#core/errors.ts';
import { entryIn, entrySource } from '#core/source-name.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import type { ArchiveCache } from './archive-cache.ts';
import { objectBlocks, sourceName } from './object-blocks.ts';
import { brokenArchive, readRange, type ZipEntry, type ZipFile, zipFileOf } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER = 0x04034b50;
const MAX_NAME_LENGTH = 1024;

/** Maximum ratio of sizes. The limit of DEFLATE is 1,032, and only archive bombs come near it. */
const MAX_RATIO = 1000;

export function entryUrl(archive: string, name: string): string {
  return entrySource(archive, encodeURIComponent(name.toWellFormed()));
}

export function parseEntryUrl(url: string): { archive: string; name: string } | undefined {
  const entry = entryIn(url);
  if (entry === undefined) return undefined;
  try {
    return { archive: entry.archive, name: decodeURIComponent(entry.name) };
  } catch {
    throw new PermanentFailure('part-unknown', `the name of the entry in '${url}' is not percent-encoded`);
  }
}

/** Returns why an entry is refused, or `undefined` if it is accepted. */
export function entryProblem({
  name,
  method,
  sizeBytes,
  compressedBytes,
  isEncrypted,
}: ZipEntry): string | undefined {
  if (/^([a-zA-Z]:|\/)/.test(name))
    return `the name '${name}' is absolute; use names relative to the archive`;
  if (name.split('/').includes('..')) return `the name '${name}' leaves the archive with ..`;
  if (name.length > MAX_NAME_LENGTH)
    return `the name has ${name.length} characters; at most ${MAX_NAME_LENGTH} are allowed`;
  if (name === '' || name.includes('\0')) return 'the name is empty or contains a NUL character';
  if (isEncrypted) return 'it is encrypted; only entries without a password are supported';
  if (method !== STORED && method !== DEFLATED) {
    return `compression method ${method} is not supported; use stored (0) or deflate (8)`;
  }
  if (sizeBytes > MAX_RATIO * compressedBytes) {
    return `it grows from ${compressedBytes} to ${sizeBytes} bytes; at most ${MAX_RATIO} times is allowed`;
  }
  if (method === STORED && sizeBytes !== compressedBytes)
    return 'it is stored without compression, but has two different sizes';
  return undefined;
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

export async function openEntry(
  { objects, archives }: EntryPorts,
  address: SourceAddress,
  name: string,
): Promise<OpenEntry> {
  const info = await objects.describe(address);
  if (info === undefined) {
    throw new PermanentFailure(
      'part-missing',
      `archive '${sourceName(address)}' does not exist. Check whether it was deleted.`,
    );
  }
  const file = zipFileOf(address, info);
  const entry = (await archives.entriesOf(objects, file)).get(name);
  if (entry === undefined) {
    throw new PermanentFailure(
      'part-missing',
      `archive '${sourceName(address)}' has no entry '${name}'. Check the name.`,
    );
  }
  const problem = entryProblem(entry);
  if (problem !== undefined) {
    throw new PermanentFailure(
      'entry-refused',
      `entry '${name}': ${problem}; pack the archive again without such an entry`,
    );
  }
  return { sizeBytes: entry.sizeBytes, body: contentOf(objects, file, entry) };
}

async function* contentOf(
  objects: ReadableObjects,
  file: ZipFile,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array> {
  const header = await readRange(objects, file, entry.headerAt, entry.headerAt + LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER)
    throw brokenArchive(file, `entry '${entry.name}' is not where it should be`);
  const from = entry.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const to = from + entry.compressedBytes;
  if (to > file.sizeBytes) throw brokenArchive(file, `entry '${entry.name}' is longer than the archive`);
  const compressed = objectBlocks(objects, file.address, { from, to, etag: file.etag });
  yield* verified(file, entry, entry.method === STORED ? compressed : inflated(file, entry, compressed));
}

async function* inflated(
  file: ZipFile,
  { name }: ZipEntry,
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    // Errors of earlier streams end the last stream, which throws them.
    yield* pipeline(Readable.from(compressed), createInflateRaw(), () => undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
    throw brokenArchive(file, `entry '${name}' is damaged: ${(error as Error).message}`);
  }
}

async function* verified(
  file: ZipFile,
  { name, sizeBytes, crc32: expected }: ZipEntry,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let checksum = 0;
  for await (const bytes of content) {
    size += bytes.length;
    if (size > sizeBytes) break;
    checksum = crc32(bytes, checksum);
    yield bytes;
  }
  if (size !== sizeBytes)
    throw brokenArchive(file, `entry '${name}' does not have the ${sizeBytes} bytes it announces`);
  if (checksum !== expected) throw brokenArchive(file, `entry '${name}' does not match its checksum`);
}

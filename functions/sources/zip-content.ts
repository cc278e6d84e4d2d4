/** Checks and reads the content of an entry. */
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { PermanentFailure } from '#core/errors.ts';
import type { ZipEntry } from './zip-entry-list.ts';
import { brokenArchive, readRange, type ZipFile } from './zip-file.ts';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER = 0x04034b50;
/** Size of one request. A slow reader does not keep a connection open. */
const BLOCK_BYTES = 8 * 1024 * 1024;
const MAX_NAME_LENGTH = 1024;

/** Maximum ratio of sizes. The limit of DEFLATE is 1,032, and only archive bombs come near it. */
const MAX_RATIO = 1000;

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

/** Returns the content. Throws if the entry is refused. */
export function acceptedContent(file: ZipFile, entry: ZipEntry): AsyncIterable<Uint8Array> {
  const problem = entryProblem(entry);
  if (problem !== undefined) {
    throw new PermanentFailure(
      'entry-refused',
      `entry '${entry.name}': ${problem}; pack the archive again without such an entry`,
    );
  }
  return contentOf(file, entry);
}

/** Yields exactly the stated number of bytes. Throws if size or checksum do not match the directory. */
export async function* contentOf(file: ZipFile, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const header = await readRange(file, entry.headerAt, entry.headerAt + LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER)
    throw brokenArchive(file, `entry '${entry.name}' is not where it should be`);
  const from = entry.headerAt + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const to = from + entry.compressedBytes;
  if (to > file.sizeBytes) throw brokenArchive(file, `entry '${entry.name}' is longer than the archive`);
  const compressed = blocksOf(file, from, to);
  yield* verified(file, entry, entry.method === STORED ? compressed : inflated(file, entry, compressed));
}

async function* blocksOf(file: ZipFile, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += BLOCK_BYTES)
    yield await readRange(file, at, Math.min(to, at + BLOCK_BYTES));
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

import { PermanentFailure } from '#core/errors.ts';
import type { ReadableObjects, SourceAddress, SourceInfo } from '#core/splitter.ts';
import { pinnedBytes, sourceName } from './object-blocks.ts';

/** Bytes of a zip archive, at any location. */
export interface ZipFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Changes with the bytes. */
  readonly version: string;
  /** Returns the bytes of a range inside the file, or fewer if the file was cut off. */
  readBytes(from: number, to: number): Promise<Uint8Array>;
}

/** Throws if the server supports no ranges, because each entry would read the whole archive. */
export function zipFileOf(
  objects: ReadableObjects,
  address: SourceAddress,
  { sizeBytes, etag, isReadWhole }: SourceInfo,
): ZipFile {
  const name = sourceName(address);
  if (isReadWhole === true) {
    throw new PermanentFailure(
      'ranges-unsupported',
      `${name} supports no byte ranges with a strong ETag, which zip archives need. Upload it instead (POST …/uploads).`,
    );
  }
  return {
    name,
    sizeBytes,
    version: JSON.stringify([address, etag]),
    readBytes: (from, to) => pinnedBytes(objects, address, { from, to, etag }),
  };
}

export function zipFileInMemory(bytes: Uint8Array, name: string): ZipFile {
  return {
    name,
    sizeBytes: bytes.length,
    version: name,
    readBytes: (from, to) => Promise.resolve(bytes.subarray(from, to)),
  };
}

/** Returns exactly these bytes. Throws if the archive is shorter. */
export async function readRange(file: ZipFile, from: number, to: number): Promise<Buffer> {
  if (to > file.sizeBytes) throw brokenArchive(file, `it points to byte ${to} of ${file.sizeBytes}`);
  const bytes = await file.readBytes(from, to);
  if (bytes.length !== to - from) throw brokenArchive(file, 'it is cut off');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function brokenArchive({ name }: ZipFile, why: string): PermanentFailure {
  return new PermanentFailure('archive-broken', `'${name}' cannot be read as a zip archive: ${why}`);
}

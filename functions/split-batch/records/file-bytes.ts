/** Reads the bytes of one version of a file in blocks, and decompresses them if the file is compressed. */
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { PermanentFailure } from '#core/errors.ts';
import { ObjectChanged } from '#core/ports.ts';
import type { ReadableObjects, SourceAddress, SourceInfo } from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';
import type { RecordGrammar } from './grammar.ts';

export const BLOCK_BYTES = 1024 * 1024;

/** One version of a file. If the file changes while it is split, the job fails instead of mixing two versions. */
export interface PinnedFile {
  readonly address: SourceAddress;
  readonly etag: string;
  /** The first bytes, if they were read already. They are then not read again. */
  readonly head?: Uint8Array;
}

export async function describeFile(objects: ReadableObjects, address: SourceAddress): Promise<SourceInfo> {
  const info = await objects.describe(address);
  if (info !== undefined) return info;
  const what = 'url' in address ? 'no such file at' : 'no object';
  throw new PermanentFailure(
    'source-missing',
    `there is ${what} '${sourceName(address)}'. Upload it first, or correct the source.`,
  );
}

export function sourceChanged(address: SourceAddress): PermanentFailure {
  return new PermanentFailure(
    'source-changed',
    `'${sourceName(address)}' was changed or deleted while it was split. Resubmit the job when it no longer changes.`,
  );
}

export async function readBytes(
  objects: ReadableObjects,
  { address, etag }: PinnedFile,
  range: { readonly from: number; readonly to: number },
): Promise<Uint8Array> {
  try {
    const bytes = await objects.get(address, { ...range, etag });
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof ObjectChanged)) throw error;
  }
  throw sourceChanged(address);
}

export type Compression = NonNullable<RecordGrammar['compression']>;

/** Recognizes compressed files by their first bytes, because their names and types are often wrong. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  return isZstdFrame(head) ? 'zstd' : undefined;
}

/** True for a frame with data, and for a skippable frame that other data follows (RFC 8878). */
function isZstdFrame(head: Uint8Array): boolean {
  const [first = 0, ...rest] = head.subarray(0, 4);
  const isSkippable = first >= 0x50 && first <= 0x5f && rest.join() === '42,77,24';
  return isSkippable || (first === 0x28 && rest.join() === '181,47,253');
}

export interface BytesRange {
  readonly from: number;
  /** Offset after the last byte. Without it, the file is read to its end. */
  readonly to?: number | undefined;
}

/** Yields the bytes from an offset. Offsets of a compressed file are those of its content. */
export async function* fileBlocks(
  objects: ReadableObjects,
  file: PinnedFile & { readonly sizeBytes: number; readonly compression?: Compression | undefined },
  { from, to }: BytesRange,
): AsyncGenerator<Uint8Array> {
  if (file.compression !== undefined)
    yield* decompressedBlocks(objects, file, file.compression, { from, to });
  else yield* plainBlocks(objects, file, from, to ?? file.sizeBytes);
}

async function* plainBlocks(
  objects: ReadableObjects,
  file: PinnedFile,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  const { head = new Uint8Array() } = file;
  if (from < head.length) yield head.subarray(from, to);
  for (let at = Math.max(from, head.length); at < to; at += BLOCK_BYTES)
    yield await readBytes(objects, file, { from: at, to: Math.min(to, at + BLOCK_BYTES) });
}

/** A compressed file has no ranges, so its content before `from` is decompressed and dropped. */
async function* decompressedBlocks(
  objects: ReadableObjects,
  file: PinnedFile & { readonly sizeBytes: number },
  compression: Compression,
  { from, to = Number.POSITIVE_INFINITY }: BytesRange,
): AsyncGenerator<Uint8Array> {
  const stream = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  const input = Readable.from(plainBlocks(objects, file, 0, file.sizeBytes));
  // `pipe` does not pass errors on, and an iterator of the output ends with the error of its own stream only.
  input.on('error', (error) => stream.destroy(error));
  input.pipe(stream);
  let at = 0;
  try {
    for await (const block of stream as AsyncIterable<Buffer>) {
      const begin = at;
      at += block.length;
      if (at > from && begin < to)
        yield block.subarray(Math.max(0, from - begin), Math.min(block.length, to - begin));
      if (at >= to) return;
    }
    // Node ends the stream after the first frame.
    if (compression === 'zstd' && stream.bytesWritten < file.sizeBytes) throw severalFrames(file.address);
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new PermanentFailure(
      'source-broken',
      `'${sourceName(file.address)}' is not valid ${compression}: ${error.message}. Compress it again.`,
    );
  } finally {
    input.destroy();
    stream.destroy();
  }
}

function severalFrames(address: SourceAddress): PermanentFailure {
  return new PermanentFailure(
    'source-broken',
    `'${sourceName(address)}' has several zstd frames, of which only one can be read. Compress it again as one frame, or with gzip.`,
  );
}

/** True for an error of zlib about the bytes; errors of reading have other codes. */
function isDataError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB|ERR_ZSTD)/.test(String(error.code))
  );
}

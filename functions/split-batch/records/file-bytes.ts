/** Reads the bytes of one version of a file in blocks, and decompresses them if the file is compressed. */
import { PermanentFailure } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { ObjectChanged } from '#core/ports.ts';
import type { ReadableObjects, SourceAddress, SourceInfo } from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';
import { BrokenCompression, type Compression, decompressed } from './decompress.ts';

export const BLOCK_BYTES = 1024 * 1024;

/** One version of a file. If the file changes while it is split, the job fails instead of mixing two versions. */
export interface PinnedFile {
  readonly address: SourceAddress;
  /** Absent for a file whose name contains its version. */
  readonly etag?: string | undefined;
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
    const bytes = await objects.get(address, { ...range, ...omitUndefined({ etag }) });
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof ObjectChanged)) throw error;
  }
  throw sourceChanged(address);
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
  let at = 0;
  for await (const block of fileContent(objects, file, compression)) {
    const begin = at;
    at += block.length;
    if (at > from && begin < to)
      yield block.subarray(Math.max(0, from - begin), Math.min(block.length, to - begin));
    if (at >= to) return;
  }
}

/** Yields the whole content of a compressed file. */
export async function* fileContent(
  objects: ReadableObjects,
  file: PinnedFile & { readonly sizeBytes: number },
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  try {
    yield* decompressed(plainBlocks(objects, file, 0, file.sizeBytes), compression);
  } catch (error) {
    if (!(error instanceof BrokenCompression)) throw error;
    throw new PermanentFailure(
      'source-broken',
      `'${sourceName(file.address)}' is not valid ${compression}: ${error.message}. Compress it again.`,
      { cause: error },
    );
  }
}

/** Opens a file: reads its first bytes, and decompresses it once if it is compressed. */
import { createHash } from 'node:crypto';
import { PermanentFailure } from '#core/errors.ts';
import type { ObjectAddress } from '#core/object-address.ts';
import type { ReadableObjects, SourceAddress, SplitContext } from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';
import type { FileHead } from './decide-grammar.ts';
import { type Compression, compressionOf } from './decompress.ts';
import {
  BLOCK_BYTES,
  describeFile,
  fileContent,
  type PinnedFile,
  readBytes,
  sourceChanged,
} from './file-bytes.ts';

export type OpenFile = PinnedFile & { readonly sizeBytes: number; readonly isReadWhole?: true };

/** A file with its first block, and the first block of its content. */
export interface HeadedFile extends OpenFile {
  readonly head: Uint8Array;
  readonly content: FileHead;
  /** Location of the decompressed file, which is read instead. */
  readonly unpacked?: ObjectAddress;
}

/** Maximum size of a compressed file after decompression, which takes one invocation at 25 MB/s. */
const MAX_CONTENT_BYTES = 20 * 1024 ** 3;
/** Content up to this size may have any ratio to the size of the file. */
const ANY_RATIO_BYTES = 64 * 1024 ** 2;
/** The limit of archives. Only files that are made for it have more. */
const MAX_RATIO = 1_000;

/** Throws if the file no longer has the `etag` that was read earlier. */
export async function describeVersion(
  objects: ReadableObjects,
  address: SourceAddress,
  etag: string | undefined,
): Promise<OpenFile> {
  const info = await describeFile(objects, address);
  if (etag !== undefined && etag !== info.etag) throw sourceChanged(address);
  return { address, ...info };
}

/** Opens a file from which an earlier invocation has read. */
export async function reopened(
  { unpacked, etag }: { readonly unpacked?: ObjectAddress | undefined; readonly etag?: string | undefined },
  { objects }: Pick<SplitContext, 'objects'>,
  address: SourceAddress,
): Promise<OpenFile> {
  return unpacked === undefined
    ? describeVersion(objects, address, etag)
    : describeUnpacked(objects, unpacked);
}

async function describeUnpacked(objects: ReadableObjects, address: ObjectAddress): Promise<OpenFile> {
  const { sizeBytes } = await describeFile(objects, address);
  return { address, sizeBytes };
}

/**
 * Reads the first block of the file. A compressed file with more content than a block is decompressed into a file of the
 * run, so that all later reads are byte ranges. Decompressing it again for each range or continuation would have no bound.
 */
export async function withHead(
  { objects, keepFile }: Pick<SplitContext, 'objects' | 'keepFile'>,
  file: OpenFile,
): Promise<HeadedFile> {
  const to = Math.min(file.sizeBytes, BLOCK_BYTES);
  const head = to === 0 ? new Uint8Array() : await readBytes(objects, file, { from: 0, to });
  const headed = { ...file, head };
  const compression = compressionOf(head);
  if (compression === undefined)
    return { ...headed, content: { bytes: head, isWhole: head.length === file.sizeBytes } };
  const bytes = await contentStart(fileContent(objects, headed, compression));
  if (bytes.length <= BLOCK_BYTES) return { ...headed, content: { bytes, isWhole: true, compression } };
  const unpacked = await keepFile(unpackedName(file), () => limitedContent(objects, headed, compression));
  const start = bytes.subarray(0, BLOCK_BYTES);
  return {
    ...(await describeUnpacked(objects, unpacked)),
    head: start,
    content: { bytes: start, isWhole: false },
    unpacked,
  };
}

/** Returns at least one byte more than a block, if there are as many. */
async function contentStart(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of content) {
    blocks.push(block);
    length += block.length;
    if (length > BLOCK_BYTES) break;
  }
  return Buffer.concat(blocks);
}

/** The name contains the version of the file, so that the same name means the same content. */
function unpackedName({ address, etag = '' }: OpenFile): string {
  return `unpacked-${createHash('sha256')
    .update(JSON.stringify([address, etag]))
    .digest('hex')}`;
}

async function* limitedContent(
  objects: ReadableObjects,
  file: OpenFile,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const limit = Math.min(MAX_CONTENT_BYTES, Math.max(ANY_RATIO_BYTES, MAX_RATIO * file.sizeBytes));
  let sizeBytes = 0;
  for await (const block of fileContent(objects, file, compression)) {
    sizeBytes += block.length;
    if (sizeBytes > limit) {
      throw new PermanentFailure(
        'source-too-large',
        `'${sourceName(file.address)}' has ${file.sizeBytes} bytes, and more than ${limit} after decompression. At most ${MAX_CONTENT_BYTES} bytes and ${MAX_RATIO} times the size of the file are allowed. Split it into several files, or upload it without compression.`,
      );
    }
    yield block;
  }
}

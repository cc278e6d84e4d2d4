/** Opens a file: reads its first bytes and decides its grammar. */
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import { type DecidedGrammar, decideGrammar, type FileForm, type FileHead } from './decide-grammar.ts';
import {
  BLOCK_BYTES,
  compressionOf,
  describeFile,
  fileBlocks,
  type PinnedFile,
  readBytes,
  sourceChanged,
} from './file-bytes.ts';

export type OpenFile = PinnedFile & { readonly sizeBytes: number; readonly isReadWhole?: true };

/** A file with its first block. */
export type HeadedFile = OpenFile & { readonly head: Uint8Array };

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

/** Reads the first block of the file. */
export async function withHead(objects: ReadableObjects, file: OpenFile): Promise<HeadedFile> {
  const to = Math.min(file.sizeBytes, BLOCK_BYTES);
  return { ...file, head: to === 0 ? new Uint8Array() : await readBytes(objects, file, { from: 0, to }) };
}

export async function grammarOf(
  objects: ReadableObjects,
  file: HeadedFile,
  form: FileForm,
): Promise<DecidedGrammar> {
  return decideGrammar(form, await contentHead(objects, file));
}

/** Returns the first bytes of the content, decompressed if the file is compressed. */
async function contentHead(objects: ReadableObjects, file: HeadedFile): Promise<FileHead> {
  const { head, sizeBytes } = file;
  const compression = compressionOf(head);
  if (compression === undefined) return { bytes: head, isWhole: head.length === sizeBytes };
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of fileBlocks(objects, { ...file, compression }, { from: 0, to: BLOCK_BYTES + 1 })) {
    blocks.push(block);
    length += block.length;
  }
  return { bytes: Buffer.concat(blocks), isWhole: length <= BLOCK_BYTES, compression };
}

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

export async function grammarOf(
  objects: ReadableObjects,
  file: OpenFile,
  form: FileForm,
): Promise<DecidedGrammar> {
  return decideGrammar(form, await headOf(objects, file));
}

async function headOf(objects: ReadableObjects, file: OpenFile): Promise<FileHead> {
  const to = Math.min(file.sizeBytes, BLOCK_BYTES);
  const bytes = to === 0 ? new Uint8Array() : await readBytes(objects, file, { from: 0, to });
  const compression = compressionOf(bytes);
  if (compression === undefined) return { bytes, isWhole: to === file.sizeBytes };
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of fileBlocks(objects, { ...file, compression }, { from: 0, to: BLOCK_BYTES + 1 })) {
    blocks.push(block);
    length += block.length;
  }
  return { bytes: Buffer.concat(blocks), isWhole: length <= BLOCK_BYTES, compression };
}

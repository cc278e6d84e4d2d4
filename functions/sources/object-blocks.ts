import { PermanentFailure } from '#core/errors.ts';
import { ObjectChanged } from '#core/ports.ts';
import type { ReadableObjects, SourceAddress } from '#core/splitter.ts';
import { hostOf } from './web-failures.ts';

/** Size of one request. A stream is read in blocks, so that a slow reader does not keep a connection open. */
const BLOCK_BYTES = 8 * 1024 * 1024;

/** Yields the bytes of a range, one block at a time, all of the version with this `etag`. */
export async function* objectBlocks(
  objects: ReadableObjects,
  address: SourceAddress,
  { from, to, etag }: { from: number; to: number; etag: string },
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += BLOCK_BYTES) {
    yield await pinnedBytes(objects, address, { from: at, to: Math.min(to, at + BLOCK_BYTES), etag });
  }
}

export async function pinnedBytes(
  objects: ReadableObjects,
  address: SourceAddress,
  range: { from: number; to: number; etag: string },
): Promise<Uint8Array> {
  try {
    const bytes = await objects.get(address, range);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof ObjectChanged)) throw error;
  }
  throw new PermanentFailure(
    'part-changed',
    `'${sourceName(address)}' was changed or deleted while it was read. Retry when it no longer changes.`,
  );
}

export function sourceName(address: SourceAddress): string {
  if ('url' in address) return hostOf(address.url);
  const { bucket, key } = address;
  return bucket === undefined ? key : `s3://${bucket}/${key}`;
}

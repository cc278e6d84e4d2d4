import { once } from 'node:events';
import { createInflate } from 'node:zlib';
import { brokenImage } from './image-header.ts';
import { type PngFile, rowBytes } from './png-file.ts';

/**
 * Yields the stored rows of a PNG that is not interlaced: the filter byte, then the filtered samples. Holds one row in
 * memory at a time. Throws if there are too few or too many rows.
 */
export async function* storedRows(png: PngFile): AsyncGenerator<Buffer> {
  const size = rowBytes(png) + 1;
  let rest: Buffer = Buffer.alloc(0);
  let rows = 0;
  for await (const piece of inflateData(png.data)) {
    let unreadBytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (; unreadBytes.length >= size; unreadBytes = unreadBytes.subarray(size)) {
      rows += 1;
      if (rows > png.height)
        throw brokenImage(`it has more than the ${png.height} rows that its header states`);
      yield unreadBytes.subarray(0, size);
    }
    rest = unreadBytes;
  }
  if (rows < png.height) throw brokenImage(`it has only ${rows} of ${png.height} rows`);
}

async function* inflateData(data: Buffer): AsyncGenerator<Buffer> {
  const inflate = createInflate();
  inflate.end(data);
  try {
    yield* inflate;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
    throw brokenImage(`its pixels can't be inflated: ${(error as Error).message}`, error);
  } finally {
    if (!inflate.destroyed) {
      inflate.destroy();
      await once(inflate, 'close');
    }
  }
}

/** Reverses the filter of a stored row, modifying it. `above` is the unfiltered row above. */
export function unfilter(stored: Buffer, above: Uint8Array, bytesPerPixel: number): Buffer {
  const filter = stored[0] ?? 0;
  if (filter > 4) throw brokenImage(`a row has the unknown filter ${filter}`);
  const row = stored.subarray(1);
  if (filter === 0) return row;
  for (let i = 0; i < row.length; i += 1) {
    const left = i < bytesPerPixel ? 0 : (row[i - bytesPerPixel] ?? 0);
    const up = above[i] ?? 0;
    const upLeft = i < bytesPerPixel ? 0 : (above[i - bytesPerPixel] ?? 0);
    row[i] = (row[i] ?? 0) + predict(filter, left, up, upLeft);
  }
  return row;
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - upLeft;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toUpLeft = Math.abs(estimate - upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rows {
  readonly firstRow: number;
  readonly rows: number;
}

/** Pixels in memory at once, at one or three bytes each. */
const PIXELS_PER_STRIP = 4e6;

export function rowsPerStrip({ width, height }: Size): number {
  return Math.max(1, Math.min(height, Math.floor(PIXELS_PER_STRIP / width)));
}

/** Yields the strips of a page from top to bottom. The last strip has the remaining rows. */
export function* stripsOf(
  size: Size,
  render: (rows: Rows) => Uint8Array,
  rows = rowsPerStrip(size),
): Generator<Uint8Array> {
  for (let firstRow = 0; firstRow < size.height; firstRow += rows) {
    yield render({ firstRow, rows: Math.min(rows, size.height - firstRow) });
  }
}

const HALF = 128;

/**
 * Packs gray pixels (one byte each) into bits: eight pixels per byte, the first in the highest bit, 1 is white. Rows
 * are padded to whole bytes.
 */
export function blackAndWhite(gray: Uint8Array, width: number): Buffer {
  const rowBytes = Math.ceil(width / 8);
  const bits = Buffer.alloc((gray.length / width) * rowBytes);
  for (let from = 0, to = 0; from < gray.length; from += width, to += rowBytes) {
    for (let x = 0; x < width; x += 1) {
      if ((gray[from + x] ?? 0) >= HALF) bits[to + (x >> 3)] = (bits[to + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return bits;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rows {
  readonly firstRow: number;
  readonly rows: number;
}

/** In memory at once, a byte or three each. */
const PIXELS_PER_STRIP = 4e6;

export function rowsPerStrip({ width, height }: Size): number {
  return Math.max(1, Math.min(height, Math.floor(PIXELS_PER_STRIP / width)));
}

/** A page in pieces, from its top to its foot; the last one has what is left. */
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

/** Of gray, a byte a pixel: eight pixels a byte, the first one highest; 1 is white. Rows are filled up to whole bytes. */
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

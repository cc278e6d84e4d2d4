/**
 * Writes TIFF 6.0: little-endian, in strips, compressed with Deflate (compression 8, Technical Note 3 of 2002). The
 * pages follow each other in one file. Holds only the compressed strips of one page in memory.
 */
import { deflateSync } from 'node:zlib';
import { makeMovable } from '../threads/movable.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { Color } from './parameters.ts';

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly rowsPerStrip: number;
  /** Resolution. Rounded to whole numbers in the file. */
  readonly dpi: { readonly x: number; readonly y: number };
  readonly color: Color;
}

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
/** TIFF offsets have 32 bits. */
const MAX_BYTES = 4 * GIBIBYTE - 1;
/** Maximum size of a compressed page, which is in memory until the page is complete. */
const MAX_PAGE_BYTES = 128 * MEBIBYTE;

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

const DEFLATE = 8;
const BLACK_IS_ZERO = 1;
const RGB = 2;
const INCH = 2;
/** Subfile type: one page of a multi-page document. */
const PAGE_OF_DOCUMENT = 2;

const BITS: Readonly<Record<Color, readonly number[]>> = { bilevel: [1], gray: [8], rgb: [8, 8, 8] };

interface Field {
  readonly tag: number;
  readonly type: typeof SHORT | typeof LONG | typeof RATIONAL;
  /** Values of the field. A rational has two. */
  readonly values: readonly number[];
}

/** Produces the bytes of the file page by page. The directory of a page precedes its strips. */
export class TiffFile {
  readonly #pageCount: number;
  #sizeBytes = 0;
  #pages = 0;

  constructor(pageCount: number) {
    this.#pageCount = pageCount;
  }

  /**
   * Returns the pieces of the next page in file order. Each strip has `rowsPerStrip` rows, the last one the remaining
   * rows. Rows are padded to whole bytes.
   */
  page(page: TiffPage, strips: Iterable<Uint8Array>): Uint8Array<ArrayBuffer>[] {
    const deflatedStrips = this.#deflateStrips(strips);
    const sizes = deflatedStrips.map(({ length }) => length);
    const header = this.#pages === 0 ? headerOf() : Buffer.alloc(0);
    const at = this.#sizeBytes + header.length;
    const number = this.#pages;
    // The length of the directory does not depend on its values.
    const length = directoryOf(fieldsOf(page, { offsets: sizes, sizes, number }), { at, next: 0 }).length;
    const offsets: number[] = [];
    let end = at + length;
    for (const size of sizes) {
      offsets.push(end);
      end = roundUpToEven(end + size);
    }
    this.#pages += 1;
    this.#sizeBytes = end;
    if (end > MAX_BYTES) throw this.#tooLarge('the TIFF exceeds the limit of 4 GiB');
    const next = this.#pages < this.#pageCount ? end : 0;
    const directory = directoryOf(fieldsOf(page, { offsets, sizes, number }), { at, next });
    return [makeMovable(Buffer.concat([header, directory])), ...deflatedStrips.map(({ bytes }) => bytes)];
  }

  #deflateStrips(strips: Iterable<Uint8Array>): DeflatedStrip[] {
    const deflatedStrips: DeflatedStrip[] = [];
    let sizeBytes = 0;
    for (const strip of strips) {
      const deflatedStrip = deflateStrip(strip);
      deflatedStrips.push(deflatedStrip);
      sizeBytes += deflatedStrip.length;
      if (sizeBytes > MAX_PAGE_BYTES)
        throw this.#tooLarge(`a page of the TIFF exceeds the limit of ${MAX_PAGE_BYTES / MEBIBYTE} MiB`);
    }
    return deflatedStrips;
  }

  #tooLarge(what: string): UnreadableDocument {
    return new UnreadableDocument(
      'document-too-large',
      `${what} (page ${this.#pages + 1}); split the document, or use a lower dpi or fewer colors`,
    );
  }
}

/** File header. The first directory follows immediately. */
function headerOf(): Buffer {
  const header = Buffer.alloc(8);
  header.write('II', 'latin1');
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(header.length, 4);
  return header;
}

/** Entries, the offset of the next directory (0 for none), and the values that do not fit into an entry. */
function directoryOf(
  fields: readonly Field[],
  { at, next }: { readonly at: number; readonly next: number },
): Buffer {
  const entries = Buffer.alloc(2 + fields.length * 12 + 4);
  const overflowValues: Buffer[] = [];
  let nextFree = at + entries.length;
  entries.writeUInt16LE(fields.length);
  for (const [i, { tag, type, values }] of fields.entries()) {
    const entry = 2 + i * 12;
    entries.writeUInt16LE(tag, entry);
    entries.writeUInt16LE(type, entry + 2);
    entries.writeUInt32LE(type === RATIONAL ? values.length / 2 : values.length, entry + 4);
    const bytes = valuesOf({ type, values });
    if (bytes.length <= 4) {
      entries.set(bytes, entry + 8);
      continue;
    }
    entries.writeUInt32LE(nextFree, entry + 8);
    overflowValues.push(bytes);
    nextFree += bytes.length;
  }
  entries.writeUInt32LE(next, entries.length - 4);
  return Buffer.concat([entries, ...overflowValues]);
}

/** Rounds up to an even offset, as TIFF requires. */
function roundUpToEven(at: number): number {
  return at + (at % 2);
}

/** Compressed strip of `length` bytes, in its own buffer, padded to an even size. */
interface DeflatedStrip {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly length: number;
}

/** Upper bound of the deflated size, for incompressible bytes. */
function deflateBound(sizeBytes: number): number {
  return sizeBytes + (sizeBytes >> 9) + 64 * 1024;
}

/**
 * Deflates a strip into one buffer and releases that buffer explicitly. The garbage collector does not account for its
 * size, and would let the buffers of many pages accumulate.
 */
function deflateStrip(strip: Uint8Array): DeflatedStrip {
  const chunkSize = deflateBound(strip.length);
  const output = deflateSync(strip, { chunkSize });
  const { length } = output;
  const bytes = new Uint8Array(roundUpToEven(length));
  bytes.set(output);
  if (output.buffer.byteLength === chunkSize) output.buffer.transfer(0);
  return { bytes, length };
}

interface Strips {
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  /** Page number, from 0. */
  readonly number: number;
}

/** Returns the fields of a page in tag order, as TIFF requires. */
function fieldsOf(
  { width, height, rowsPerStrip, dpi, color }: TiffPage,
  { offsets, sizes, number }: Strips,
): readonly Field[] {
  return [
    { tag: 254, type: LONG, values: [PAGE_OF_DOCUMENT] },
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: BITS[color] },
    { tag: 259, type: SHORT, values: [DEFLATE] },
    { tag: 262, type: SHORT, values: [color === 'rgb' ? RGB : BLACK_IS_ZERO] },
    { tag: 273, type: LONG, values: offsets },
    { tag: 277, type: SHORT, values: [BITS[color].length] },
    { tag: 278, type: LONG, values: [rowsPerStrip] },
    { tag: 279, type: LONG, values: sizes },
    { tag: 282, type: RATIONAL, values: [Math.round(dpi.x), 1] },
    { tag: 283, type: RATIONAL, values: [Math.round(dpi.y), 1] },
    { tag: 296, type: SHORT, values: [INCH] },
    // Page number. The total of 0 means that the number of pages is unknown.
    { tag: 297, type: SHORT, values: [number, 0] },
  ];
}

function valuesOf({ type, values }: Pick<Field, 'type' | 'values'>): Buffer {
  const size = type === SHORT ? 2 : 4;
  const buffer = Buffer.alloc(values.length * size);
  for (const [i, value] of values.entries()) {
    if (type === SHORT) buffer.writeUInt16LE(value, i * size);
    else buffer.writeUInt32LE(value, i * size);
  }
  return buffer;
}

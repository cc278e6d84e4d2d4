/**
 * Writes TIFF 6.0: little-endian, strips, Deflate (compression 8, Technical Note 3 of 2002), pages one behind the other
 * in one file. Strips come and go one by one; what is kept is what they were compressed to.
 */
import { deflateSync } from 'node:zlib';
import { UnreadableDocument } from '../documents/unreadable-document.ts';
import type { Color } from './parameters.ts';

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly rowsPerStrip: number;
  readonly dpi: number;
  readonly color: Color;
}

const MEBIBYTE = 1024 * 1024;
/** The file is stored in one piece; and its offsets have 32 bits. */
const MAX_BYTES = 128 * MEBIBYTE;

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

const DEFLATE = 8;
const BLACK_IS_ZERO = 1;
const RGB = 2;
const INCH = 2;
/** This page of many. */
const PAGE_OF_DOCUMENT = 2;

const BITS: Readonly<Record<Color, readonly number[]>> = { bilevel: [1], gray: [8], rgb: [8, 8, 8] };

interface Field {
  readonly tag: number;
  readonly type: typeof SHORT | typeof LONG | typeof RATIONAL;
  /** A rational takes two. */
  readonly values: readonly number[];
}

export class TiffFile {
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;
  /** Where the offset of the next page is to be written: a chunk of its own. */
  #link: Buffer = Buffer.alloc(4);
  #pages = 0;

  constructor() {
    const header = Buffer.alloc(4);
    header.write('II', 'latin1');
    header.writeUInt16LE(42, 2);
    this.#append(header);
    this.#append(this.#link);
  }

  get pages(): number {
    return this.#pages;
  }

  /** Adds a page of strips; each holds `rowsPerStrip` rows (the last one what is left), rows filled up to whole bytes. */
  addPage(page: TiffPage, strips: Iterable<Uint8Array>): void {
    const offsets: number[] = [];
    const sizes: number[] = [];
    for (const strip of strips) {
      const deflated = deflateSync(strip);
      offsets.push(this.#sizeBytes);
      sizes.push(deflated.length);
      this.#append(deflated);
    }
    this.#appendDirectory(fieldsOf(page, { offsets, sizes, number: this.#pages }));
    this.#pages += 1;
  }

  end(): Uint8Array<ArrayBuffer> {
    const file = new Uint8Array(this.#sizeBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      file.set(chunk, at);
      at += chunk.length;
    }
    return file;
  }

  #appendDirectory(fields: readonly Field[]): void {
    const places = fields.map((field) => {
      const values = valuesOf(field);
      return values.length <= 4 ? values : offset(this.#append(values));
    });
    const directory = Buffer.alloc(2 + fields.length * 12);
    directory.writeUInt16LE(fields.length);
    for (const [i, { tag, type, values }] of fields.entries()) {
      const at = 2 + i * 12;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(type, at + 2);
      directory.writeUInt32LE(type === RATIONAL ? values.length / 2 : values.length, at + 4);
      directory.set(places[i] ?? [], at + 8);
    }
    this.#link.writeUInt32LE(this.#append(directory));
    this.#link = Buffer.alloc(4);
    this.#append(this.#link);
  }

  /** Where the chunk lies. Everything begins at an even offset, as TIFF has it. */
  #append(chunk: Buffer): number {
    const at = this.#sizeBytes;
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    // Not behind a directory, whose link follows at once; its length is even anyway.
    if (this.#sizeBytes % 2 === 1) {
      this.#chunks.push(Buffer.alloc(1));
      this.#sizeBytes += 1;
    }
    if (this.#sizeBytes > MAX_BYTES) {
      throw new UnreadableDocument(
        'document-too-large',
        `the TIFF grows beyond ${MAX_BYTES / MEBIBYTE} MiB at page ${this.#pages + 1}: split the document, or ask for less dpi or color`,
      );
    }
    return at;
  }
}

interface Strips {
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  /** Of the page, from 0. */
  readonly number: number;
}

/** In the order of their tags. */
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
    { tag: 282, type: RATIONAL, values: [dpi, 1] },
    { tag: 283, type: RATIONAL, values: [dpi, 1] },
    { tag: 296, type: SHORT, values: [INCH] },
    // How many there are is not known yet: 0 says so.
    { tag: 297, type: SHORT, values: [number, 0] },
  ];
}

function valuesOf({ type, values }: Field): Buffer {
  const size = type === SHORT ? 2 : 4;
  const buffer = Buffer.alloc(values.length * size);
  for (const [i, value] of values.entries()) {
    if (type === SHORT) buffer.writeUInt16LE(value, i * size);
    else buffer.writeUInt32LE(value, i * size);
  }
  return buffer;
}

function offset(at: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(at);
  return buffer;
}

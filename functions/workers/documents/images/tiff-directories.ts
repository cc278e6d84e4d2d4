/** Reads the directories of a TIFF or BigTIFF, one per page, without a decoder. */

import { UnreadableDocument } from '../unreadable-document.ts';
import { brokenImage } from './image-header.ts';

export interface TiffDirectory {
  readonly offset: number;
  /** Position of the field with the offset of the next directory. */
  readonly nextAt: number;
  /** Stored width of the page, in pixels. */
  readonly width: number;
  readonly height: number;
  /** True if a pixel has one sample, from black to white. */
  readonly isGray: boolean;
  /** True if the samples of a gray page may be negative, such as heights. */
  readonly isSigned: boolean;
  /** Number of the compression scheme. */
  readonly compression: number;
  readonly isCmyk: boolean;
  readonly isTiled: boolean;
  /** Number of strips, and rows in each, if the file states them. */
  readonly strips: number | undefined;
  readonly rowsPerStrip: number | undefined;
}

const MAX_PAGES = 5_000;

const NEW_SUBFILE_TYPE = 254;
const WIDTH = 256;
const HEIGHT = 257;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const STRIP_OFFSETS = 273;
const SAMPLES = 277;
export const ROWS_PER_STRIP = 278;
const TILE_WIDTH = 322;
const SAMPLE_FORMAT = 339;
const SHORT = 3;

/** Photometric interpretations 0 (white is zero) and 1 (black is zero) are gray. */
const LAST_GRAY = 1;
const CMYK = 5;
const SIGNED = 2;
const UNCOMPRESSED = 1;

/** Subfile types that are not pages: a reduced version of another page, or its mask. */
const NOT_A_PAGE = 0b101;

/** Bytes of the number of entries, of an entry, and of the position of its value. */
export const TIFF_LAYOUT = {
  small: { count: 2, entry: 12, value: 8 },
  big: { count: 8, entry: 20, value: 12 },
};

/** Accessor for both formats. Offsets have four bytes in a TIFF and eight in a BigTIFF. */
export class TiffBytes {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  readonly isBig: boolean;

  get isLittle(): boolean {
    return this.#isLittle;
  }

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = this.#bytes.toString('latin1', 0, 1) === 'I';
    this.isBig = this.short(2) === 43;
  }

  get firstAt(): number {
    return this.isBig ? 8 : 4;
  }

  short(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  long(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  offset(at: number): number {
    if (!this.isBig) return this.long(at);
    return Number(this.#isLittle ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at));
  }

  writeOffset(value: number, at: number): void {
    if (this.isBig && this.#isLittle) this.#bytes.writeBigUInt64LE(BigInt(value), at);
    else if (this.isBig) this.#bytes.writeBigUInt64BE(BigInt(value), at);
    else if (this.#isLittle) this.#bytes.writeUInt32LE(value, at);
    else this.#bytes.writeUInt32BE(value, at);
  }
}

/** Returns the directories that are pages, in file order. */
export function tiffDirectories(bytes: Uint8Array): readonly TiffDirectory[] {
  const pages: TiffDirectory[] = [];
  const visitedOffsets = new Set<number>();
  try {
    const tiff = new TiffBytes(bytes);
    for (let offset = tiff.offset(tiff.firstAt); offset !== 0; ) {
      if (visitedOffsets.has(offset)) throw brokenImage('its list of pages is circular');
      visitedOffsets.add(offset);
      const { subfileType, ...directory } = directoryAt(tiff, offset);
      if ((subfileType & NOT_A_PAGE) === 0) pages.push(directory);
      if (visitedOffsets.size > MAX_PAGES) throw tooManyPages();
      offset = tiff.offset(directory.nextAt);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw brokenImage('the offset of a page is beyond the end of the file', error);
  }
  if (pages.length === 0) throw brokenImage('it has no pages');
  return pages;
}

/**
 * Modifies the bytes so that this page is the only one. A decoder then does not have to skip the pages before it. The
 * same call can select another page afterwards.
 */
export function showOnly(bytes: Uint8Array, { offset, nextAt }: TiffDirectory): void {
  const tiff = new TiffBytes(bytes);
  tiff.writeOffset(offset, tiff.firstAt);
  tiff.writeOffset(0, nextAt);
}

function directoryAt(tiff: TiffBytes, offset: number): TiffDirectory & { readonly subfileType: number } {
  const layout = tiff.isBig ? TIFF_LAYOUT.big : TIFF_LAYOUT.small;
  const count = tiff.isBig ? tiff.offset(offset) : tiff.short(offset);
  const nextAt = offset + layout.count + count * layout.entry;
  const values = new Map<number, number>();
  let strips: number | undefined;
  for (let at = offset + layout.count; at < nextAt; at += layout.entry) {
    const value = at + layout.value;
    const tag = tiff.short(at);
    values.set(tag, tiff.short(at + 2) === SHORT ? tiff.short(value) : tiff.long(value));
    if (tag === STRIP_OFFSETS) strips = tiff.offset(at + 4);
  }
  const photometric = values.get(PHOTOMETRIC) ?? 0;
  const isGray = photometric <= LAST_GRAY && (values.get(SAMPLES) ?? 1) === 1;
  return {
    offset,
    nextAt,
    width: values.get(WIDTH) ?? 0,
    height: values.get(HEIGHT) ?? 0,
    isGray,
    isSigned: isGray && values.get(SAMPLE_FORMAT) === SIGNED,
    isCmyk: photometric === CMYK,
    isTiled: values.has(TILE_WIDTH),
    compression: values.get(COMPRESSION) ?? UNCOMPRESSED,
    strips,
    rowsPerStrip: values.get(ROWS_PER_STRIP),
    subfileType: values.get(NEW_SUBFILE_TYPE) ?? 0,
  };
}

function tooManyPages(): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the TIFF has more than the limit of ${MAX_PAGES} pages; split it`,
  );
}

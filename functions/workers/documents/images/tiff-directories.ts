/** The directories of a TIFF or BigTIFF, one for each of its pages, by the bytes alone. */

import { UnreadableDocument } from '../unreadable-document.ts';
import { brokenImage } from './image-header.ts';

export interface TiffDirectory {
  readonly offset: number;
  /** Where the offset of the next directory stands. */
  readonly nextAt: number;
  /** Of the page, as it is stored. */
  readonly width: number;
  readonly height: number;
  /** One sample a pixel, from black to white. */
  readonly isGray: boolean;
}

const MAX_PAGES = 5_000;

const NEW_SUBFILE_TYPE = 254;
const WIDTH = 256;
const HEIGHT = 257;
const PHOTOMETRIC = 262;
const SAMPLES = 277;
const SHORT = 3;

/** 0 and 1 of the kinds of photometric interpretation: which end is white. */
const LAST_GRAY = 1;

/** A smaller version of another page, or the mask of one. */
const NO_PAGE = 0b101;

/** What is four bytes long in a TIFF has eight in a BigTIFF. */
class TiffBytes {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  readonly isBig: boolean;

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

/** Those that are pages, in their order. */
export function tiffDirectories(bytes: Uint8Array): readonly TiffDirectory[] {
  const pages: TiffDirectory[] = [];
  const seen = new Set<number>();
  try {
    const tiff = new TiffBytes(bytes);
    for (let offset = tiff.offset(tiff.firstAt); offset !== 0; ) {
      if (seen.has(offset)) throw brokenImage('its list of pages has no end');
      seen.add(offset);
      const { subfileType, ...directory } = directoryAt(tiff, offset);
      if ((subfileType & NO_PAGE) === 0) pages.push(directory);
      if (seen.size > MAX_PAGES) throw tooManyPages();
      offset = tiff.offset(directory.nextAt);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw brokenImage('a page of it lies behind its end', error);
  }
  if (pages.length === 0) throw brokenImage('it has no pages');
  return pages;
}

/**
 * Makes one page the only one, in place: who reads it need not pass by all that precede it. Any other one can be shown
 * afterwards.
 */
export function showOnly(bytes: Uint8Array, { offset, nextAt }: TiffDirectory): void {
  const tiff = new TiffBytes(bytes);
  tiff.writeOffset(offset, tiff.firstAt);
  tiff.writeOffset(0, nextAt);
}

function directoryAt(tiff: TiffBytes, offset: number): TiffDirectory & { readonly subfileType: number } {
  const count = tiff.isBig ? tiff.offset(offset) : tiff.short(offset);
  const [countBytes, entryBytes] = tiff.isBig ? [8, 20] : [2, 12];
  const nextAt = offset + countBytes + count * entryBytes;
  const values = new Map<number, number>();
  for (let at = offset + countBytes; at < nextAt; at += entryBytes) {
    const value = at + entryBytes - (tiff.isBig ? 8 : 4);
    values.set(tiff.short(at), tiff.short(at + 2) === SHORT ? tiff.short(value) : tiff.long(value));
  }
  return {
    offset,
    nextAt,
    width: values.get(WIDTH) ?? 0,
    height: values.get(HEIGHT) ?? 0,
    isGray: (values.get(PHOTOMETRIC) ?? 0) <= LAST_GRAY && (values.get(SAMPLES) ?? 1) === 1,
    subfileType: values.get(NEW_SUBFILE_TYPE) ?? 0,
  };
}

function tooManyPages(): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the TIFF has more than ${MAX_PAGES} pages, the most that are read: split it`,
  );
}

import { UnreadableDocument } from '../unreadable-document.ts';

/** EXIF orientation of the camera. 1 is upright. For 5 and above, width and height are swapped. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

/** An A3 page at 600 dpi has 70 megapixels. */
const MAX_MEGAPIXELS = 100;
export const MAX_SIDE = 32_767;

/** Throws if decoding the image would take more memory than is available. Call it before decoding. */
export function checkSize(
  { width, height }: Pick<ImageHeader, 'width' | 'height'>,
  maxMegapixels = MAX_MEGAPIXELS,
): void {
  if (width === 0 || height === 0) throw brokenImage(`its size is ${width} × ${height} pixels`);
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= maxMegapixels * 1e6) return;
  throw new UnreadableDocument(
    'document-too-large',
    `the image has ${width} × ${height} pixels; the limit is ${maxMegapixels} million pixels, and ${MAX_SIDE} per side; scale it down`,
  );
}

export function brokenImage(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the image is broken or cut off: ${reason}; check that it opens in a viewer and upload it again`,
    { cause },
  );
}

const OTHER_COMPRESSION = 'save it with another compression, such as LZW, Deflate or JPEG';

/** Refusal of a valid image that the decoder does not read. */
export function unsupportedImage(
  what: string,
  { nextStep = OTHER_COMPRESSION, cause }: { readonly nextStep?: string; readonly cause?: unknown } = {},
): UnreadableDocument {
  return new UnreadableDocument(
    'document-unsupported',
    `the image has ${what}, which is not supported; ${nextStep}`,
    { cause },
  );
}

const EXIF = Buffer.from('Exif\0\0', 'latin1');
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/** Reads the segments of a JPEG up to the frame header with its size. Does not check the pixel data. */
export function jpegHeader(bytes: Uint8Array): ImageHeader {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation = 1;
  for (let at = 2; at + 9 < jpeg.length; ) {
    if (jpeg[at] !== 0xff) throw brokenImage(`byte ${at} is not the start of a marker`);
    const marker = jpeg.readUInt8(at + 1);
    // Fill bytes, and markers without a segment.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = jpeg.readUInt16BE(at + 2);
    if (length < 2) throw brokenImage(`the segment at byte ${at} has no length`);
    const segment = jpeg.subarray(at + 4, at + 2 + length);
    if (marker === 0xe1 && segment.subarray(0, EXIF.length).equals(EXIF))
      orientation = exifOrientation(segment) ?? orientation;
    if (isFrame(marker)) {
      if (jpeg.lastIndexOf(END_OF_IMAGE) < at) throw brokenImage('its end is missing');
      return { width: segment.readUInt16BE(3), height: segment.readUInt16BE(1), orientation };
    }
    at += 2 + length;
  }
  throw brokenImage('it does not state its size');
}

/** Returns the JPEG without the fill bytes before its markers, which some writers insert to align them. */
export function withoutFillBytes(bytes: Uint8Array): Uint8Array {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = 2; at + 4 < jpeg.length && jpeg[at] === 0xff; ) {
    if (jpeg[at + 1] === 0xff) {
      pieces.push(jpeg.subarray(from, at));
      from = at + 1;
      at += 1;
    } else if (isFrame(jpeg.readUInt8(at + 1))) break;
    else at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return pieces.length === 0 ? bytes : new Uint8Array(Buffer.concat([...pieces, jpeg.subarray(from)]));
}

/** True for SOF0 to SOF15, without the table markers within that range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const ORIENTATION_TAG = 0x0112;

/** Returns the orientation in EXIF data, which has the form of a TIFF, with or without its signature. */
export function exifOrientation(exif: Buffer): Orientation | undefined {
  const tiff = exif.subarray(0, EXIF.length).equals(EXIF) ? exif.subarray(EXIF.length) : exif;
  try {
    const isLittle = tiff.toString('latin1', 0, 2) === 'II';
    const read16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
    const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
    for (let i = 0; i < read16(directory); i += 1) {
      const entry = directory + 2 + i * 12;
      const value = read16(entry + 8);
      if (read16(entry) === ORIENTATION_TAG && value >= 1 && value <= 8) return value as Orientation;
    }
  } catch (error) {
    // Ignore truncated EXIF data: the image itself may be complete.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

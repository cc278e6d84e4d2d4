import { buffer } from 'node:stream/consumers';
import { createDeflate, type Deflate } from 'node:zlib';
import type { PDFContext, PDFDocument, PDFRef } from '@cantoo/pdf-lib';
import { brokenImage, type Orientation } from '../images/image-header.ts';
import { GRAY, GRAY_ALPHA, PALETTE, type PngFile, pngFile, rowBytes } from '../images/png-file.ts';
import { storedRows, unfilter } from '../images/png-rows.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

/** Limit for images that the library decodes as a whole, at eight bytes per pixel. */
const MAX_DECODED_MEGAPIXELS = 16;

/** Entries of a stream dictionary, as plain values. */
type Entries = Parameters<PDFContext['stream']>[1];

export interface EmbeddedImage {
  readonly ref: PDFRef;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

/**
 * Embeds a PNG in the document. The stored rows are embedded unchanged. With an alpha channel, they are split into
 * color and mask, one row at a time.
 */
export async function embedPng(document: PDFDocument, bytes: Uint8Array): Promise<EmbeddedImage> {
  const png = pngFile(bytes);
  const { width, height, orientation, colorType, transparency } = png;
  const isPlain = !png.isInterlaced && (colorType !== PALETTE || transparency === undefined);
  if (!isPlain) return embedDecoded(document, bytes, png);
  const ref =
    colorType >= GRAY_ALPHA ? await embedWithAlpha(document, png) : await embedStored(document, png);
  return { ref, width, height, orientation };
}

async function embedStored(document: PDFDocument, png: PngFile): Promise<PDFRef> {
  for await (const _ of storedRows(png));
  const { samples, bitDepth, width } = png;
  const predictor = { Predictor: 15, Colors: samples, BitsPerComponent: bitDepth, Columns: width };
  return registerImage(document, png, png.data, {
    BitsPerComponent: bitDepth,
    ColorSpace: colorSpaceOf(document, png),
    DecodeParms: predictor,
    ...maskOf(png),
  });
}

function colorSpaceOf({ context }: PDFDocument, { colorType, palette }: PngFile) {
  if (colorType === GRAY) return 'DeviceGray';
  if (palette === undefined || colorType !== PALETTE) return 'DeviceRGB';
  const colors = context.register(context.flateStream(new Uint8Array(palette)));
  return ['Indexed', 'DeviceRGB', Math.floor(palette.length / 3) - 1, colors];
}

/** Color key mask: the one color that is transparent, stored in two bytes per sample. */
function maskOf({ transparency, samples }: PngFile): { Mask?: number[] } {
  if (transparency === undefined || transparency.length < samples * 2) return {};
  const color = Array.from({ length: samples }, (_, i) => transparency.readUInt16BE(i * 2));
  return { Mask: color.flatMap((sample) => [sample, sample]) };
}

async function embedWithAlpha(document: PDFDocument, png: PngFile): Promise<PDFRef> {
  const bytesPerSample = png.bitDepth / 8;
  const colorBytes = (png.samples - 1) * bytesPerSample;
  const color = new Plane(colorBytes * png.width);
  const alpha = new Plane(bytesPerSample * png.width);
  let above: Uint8Array = new Uint8Array(rowBytes(png));
  for await (const storedRow of storedRows(png)) {
    const row = unfilter(storedRow, above, colorBytes + bytesPerSample);
    for (let from = 0, x = 0; from < row.length; x += 1) {
      from += row.copy(color.row, x * colorBytes, from, from + colorBytes);
      from += row.copy(alpha.row, x * bytesPerSample, from, from + bytesPerSample);
    }
    await Promise.all([color.write(), alpha.write()]);
    above = row;
  }
  const common = { BitsPerComponent: png.bitDepth };
  const mask = registerImage(document, png, await alpha.end(), { ...common, ColorSpace: 'DeviceGray' });
  const colorSpace = png.colorType === GRAY_ALPHA ? 'DeviceGray' : 'DeviceRGB';
  return registerImage(document, png, await color.end(), { ...common, ColorSpace: colorSpace, SMask: mask });
}

/** One plane of an image, such as its alpha channel, deflated row by row. */
class Plane {
  readonly row: Buffer;
  readonly #deflate: Deflate = createDeflate();
  readonly #deflated = buffer(this.#deflate);

  constructor(rowBytes: number) {
    this.row = Buffer.alloc(rowBytes);
  }

  write(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#deflate.write(Buffer.from(this.row), (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): Promise<Buffer> {
    this.#deflate.end();
    return this.#deflated;
  }
}

/** Registers an image whose samples are already deflated. */
export function registerImage(
  { context }: PDFDocument,
  { width, height }: Pick<PngFile, 'width' | 'height'>,
  deflated: Buffer,
  entries: Entries,
): PDFRef {
  const image = { Type: 'XObject', Subtype: 'Image', Width: width, Height: height, Filter: 'FlateDecode' };
  return context.register(context.stream(new Uint8Array(deflated), { ...image, ...entries }));
}

/** Embeds interlaced images and palettes with transparency, which the library decodes as a whole. */
async function embedDecoded(
  document: PDFDocument,
  bytes: Uint8Array,
  { width, height, orientation }: PngFile,
): Promise<EmbeddedImage> {
  if (width * height > MAX_DECODED_MEGAPIXELS * 1e6) {
    throw new UnreadableDocument(
      'document-too-large',
      `the image is interlaced or has a transparent palette, and has ${width} × ${height} pixels; the limit for such images is ${MAX_DECODED_MEGAPIXELS} million pixels; save it without interlacing and transparency`,
    );
  }
  try {
    const image = await document.embedPng(bytes);
    return { ref: image.ref, width, height, orientation };
  } catch (error) {
    throw brokenImage(error instanceof Error ? error.message : String(error), error);
  }
}

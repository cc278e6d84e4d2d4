import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createDeflate } from 'node:zlib';
import type { PDFDocument, PDFRef } from '@cantoo/pdf-lib';
import { type DecodedImage, type DecodedSource, decodedPages } from '../images/decoded-image.ts';
import { blackAndWhite, type Rows, stripsOf } from '../images/strips.ts';
import { placeImage, uprightSize } from './add-image.ts';
import { registerImage } from './embed-png.ts';
import type { AddedPages, AddOptions } from './page-maker.ts';

/** Strip size in pixels. All pixels are in ImageMagick's memory already. */
const PIXELS_AT_ONCE = 1e6;

/** Decodes an image and adds its pages. */
export async function addDecodedImage(
  document: PDFDocument,
  source: DecodedSource,
  { format, step }: AddOptions,
): Promise<AddedPages> {
  const { pageCount, note, pages } = await decodedPages(source);
  for await (const image of pages()) {
    step();
    const { width, height, orientation, pixelRatio } = image;
    const ref = image.isLossy ? await embedJpeg(document, image) : await embedLossless(document, image, step);
    const displaySize = uprightSize({ width, height: height * pixelRatio, orientation });
    placeImage(document, { ref, displaySize }, format);
    step();
  }
  return { pages: pageCount, ...(note && { note }) };
}

async function embedJpeg(document: PDFDocument, image: DecodedImage): Promise<PDFRef> {
  const embedded = await document.embedJpg(image.jpeg());
  await embedded.embed();
  return embedded.ref;
}

/** Stores the image losslessly, deflated strip by strip. Bilevel images use one bit per pixel. */
async function embedLossless(document: PDFDocument, image: DecodedImage, step: () => void): Promise<PDFRef> {
  const { width, color } = image;
  const samples = color === 'rgb' ? 3 : 1;
  const above = Buffer.alloc(width * samples);
  const render = (rows: Rows) => {
    const strip = image.samples(rows, samples);
    step();
    return color === 'bilevel' ? blackAndWhite(strip, width) : filterRows(strip, above);
  };
  const strips = stripsOf(image, render, Math.ceil(PIXELS_AT_ONCE / width));
  // One strip at a time. Otherwise the stream renders all strips ahead.
  const stripStream = Readable.from(strips, { highWaterMark: 1 });
  const deflated = await pipeline(stripStream, createDeflate(), buffer);
  const depth = color === 'bilevel' ? 1 : 8;
  return registerImage(document, image, deflated, {
    BitsPerComponent: depth,
    ColorSpace: color === 'rgb' ? 'DeviceRGB' : 'DeviceGray',
    ...(depth === 8 && {
      DecodeParms: { Predictor: 15, Colors: samples, BitsPerComponent: depth, Columns: width },
    }),
  });
}

/** PNG filter that stores the difference of a sample to the sample above it. */
const UP = 2;

/** Filters the rows. `above` is the row before the first one. It is overwritten with the last row. */
function filterRows(strip: Uint8Array, above: Buffer): Buffer {
  const rowBytes = above.length;
  const rows = Buffer.alloc((strip.length / rowBytes) * (rowBytes + 1));
  for (let from = 0, to = 0; from < strip.length; from += rowBytes) {
    rows[to] = UP;
    to += 1;
    for (let i = 0; i < rowBytes; i += 1, to += 1) {
      const sample = strip[from + i] ?? 0;
      rows[to] = sample - (above[i] ?? 0);
      above[i] = sample;
    }
  }
  return rows;
}

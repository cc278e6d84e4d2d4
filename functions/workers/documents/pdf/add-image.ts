import { type PDFDocument, PDFName } from '@cantoo/pdf-lib';
import {
  checkSize,
  type ImageHeader,
  jpegHeader,
  type Orientation,
  withoutFillBytes,
} from '../images/image-header.ts';
import { type EmbeddedImage, embedPng } from './embed-png.ts';
import { type PageFormat, pageArea, printArea } from './page-format.ts';

export type ImageType = 'image/png' | 'image/jpeg';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Adds a page with a centred image, scaled down if it does not fit and never scaled up beyond 72 pixels per inch. */
export async function addImage(
  document: PDFDocument,
  image: { readonly type: ImageType; readonly bytes: Uint8Array },
  format: PageFormat,
): Promise<void> {
  placeImage(document, await embed(document, image), format);
}

/** Image already embedded in the document, with its size after rotation. */
interface PlacedImage {
  readonly ref: EmbeddedImage['ref'];
  readonly displaySize: ImageHeader;
}

export function placeImage(
  document: PDFDocument,
  { ref, displaySize }: PlacedImage,
  format: PageFormat,
): void {
  const page = pageArea(format);
  const room = printArea(format);
  const scale = Math.min(1, room.width / displaySize.width, room.height / displaySize.height);
  const [width, height] = [displaySize.width * scale, displaySize.height * scale];
  const box = { x: (page.width - width) / 2, y: (page.height - height) / 2, width, height };
  draw(document, ref, { page, box, orientation: displaySize.orientation });
}

/** Adds an image as a page of the image's size at the given resolution. */
export async function addImagePage(
  document: PDFDocument,
  image: { readonly type: ImageType; readonly bytes: Uint8Array },
  dpi: number,
): Promise<void> {
  const { ref, displaySize } = await embed(document, image);
  const box = { x: 0, y: 0, width: (displaySize.width * 72) / dpi, height: (displaySize.height * 72) / dpi };
  draw(document, ref, { page: box, box, orientation: displaySize.orientation });
}

async function embed(
  document: PDFDocument,
  { type, bytes }: { readonly type: ImageType; readonly bytes: Uint8Array },
): Promise<PlacedImage> {
  if (type === 'image/png') {
    const { ref, ...size } = await embedPng(document, bytes);
    return { ref, displaySize: uprightSize(size) };
  }
  const header = jpegHeader(bytes);
  checkSize(header);
  // The library does not skip them.
  const embedded = await document.embedJpg(withoutFillBytes(bytes));
  // The library embeds images on save, but the page needs the reference now.
  await embedded.embed();
  return { ref: embedded.ref, displaySize: uprightSize(header) };
}

/** Returns the size after the rotation given by `orientation`. */
export function uprightSize({ width, height, orientation }: ImageHeader): ImageHeader {
  return orientation < 5 ? { width, height, orientation } : { width: height, height: width, orientation };
}

interface Drawing {
  readonly page: { readonly width: number; readonly height: number };
  readonly box: Box;
  readonly orientation: Orientation;
}

function draw(document: PDFDocument, image: EmbeddedImage['ref'], { page, box, orientation }: Drawing): void {
  const leaf = document.addPage([page.width, page.height]).node;
  const name = leaf.newXObject('I', image);
  const matrix = matrixOf(box, orientation).map((value) => value.toFixed(3));
  const { context } = document;
  const content = context.register(context.stream(`q ${matrix.join(' ')} cm ${name} Do Q`));
  leaf.set(PDFName.of('Contents'), content);
}

/** Transformation matrix: directions of the stored image's right and upper sides, and its lower left corner. */
function matrixOf({ x, y, width, height }: Box, orientation: Orientation): readonly number[] {
  const [right, top] = [x + width, y + height];
  switch (orientation) {
    case 1:
      return [width, 0, 0, height, x, y];
    case 2:
      return [-width, 0, 0, height, right, y];
    case 3:
      return [-width, 0, 0, -height, right, top];
    case 4:
      return [width, 0, 0, -height, x, top];
    case 5:
      return [0, -height, -width, 0, right, top];
    case 6:
      return [0, -height, width, 0, x, top];
    case 7:
      return [0, height, width, 0, x, y];
    case 8:
      return [0, height, -width, 0, right, y];
  }
}

import type { Content } from 'pdfmake/interfaces.js';
import { checkSize, jpegHeader } from '../images/image-header.ts';
import { pngFile } from '../images/png-file.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

const IMAGE = /^data:image\/(png|jpeg|jpg);base64,/i;
/** CSS pixels are 96 an inch, points 72. */
const POINTS_PER_PIXEL = 0.75;

export function isEmbeddedImage(url: string): boolean {
  return IMAGE.test(url);
}

/**
 * Lays out the image of a data URL. `pixels` is the width if it is not that of the file. Returns `undefined` for any other
 * address, and for a broken or too large image.
 */
export function imageBlock(
  url: string,
  { maxWidth, pixels }: { readonly maxWidth: number; readonly pixels?: number | undefined },
): Content | undefined {
  const size = isEmbeddedImage(url) ? sizeOf(url) : undefined;
  if (size === undefined) return undefined;
  const width = Math.min((pixels ?? size.width) * POINTS_PER_PIXEL, maxWidth);
  const height = (width * size.height) / size.width;
  const scale = Math.min(1, (maxWidth * 1.2) / height);
  return { image: url, width: width * scale, height: height * scale, margin: [0, 2, 0, 6] };
}

/** Returns the pixels of an image in a data URL, or `undefined` if it is broken or too large. */
function sizeOf(url: string): { width: number; height: number } | undefined {
  const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  try {
    const size = bytes[0] === 0xff ? jpegHeader(bytes) : pngFile(bytes);
    checkSize(size);
    return size;
  } catch (error) {
    if (error instanceof UnreadableDocument) return undefined;
    throw error;
  }
}

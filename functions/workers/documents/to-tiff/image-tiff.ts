import { type DecodedImage, decodedPages } from '../images/decoded-image.ts';
import { blackAndWhite, rowsPerStrip, stripsOf } from '../images/strips.ts';
import type { DecodedImageType } from '../reading/detect-type.ts';
import type { Give } from '../threads/limited-thread.ts';
import { TiffFile } from './tiff-file.ts';
import type { ConvertedTiff, ToTiffRequest } from './to-tiff.ts';

export interface ImageTiffRequest extends ToTiffRequest {
  readonly type: DecodedImageType;
}

/** Makes a TIFF from the pages of an image, with its original pixels. Gives the output page by page. */
export async function imageTiff(
  request: ImageTiffRequest,
  step: () => void,
  give: Give,
): Promise<ConvertedTiff> {
  const { pageCount, note, pages } = await decodedPages(request);
  const tiff = new TiffFile(pageCount);
  for await (const image of pages()) {
    image.turnUpright();
    step();
    for (const piece of pageOf(tiff, { image, request, step })) await give(piece);
  }
  return { pages: pageCount, ...(note && { note }) };
}

interface PageRequest {
  readonly image: DecodedImage;
  readonly request: ImageTiffRequest;
  readonly step: () => void;
}

function pageOf(
  tiff: TiffFile,
  { image, request: { dpi, color }, step }: PageRequest,
): Uint8Array<ArrayBuffer>[] {
  const { width, height, pixelRatio } = image;
  return tiff.page(
    {
      width,
      height,
      rowsPerStrip: rowsPerStrip(image),
      dpi: image.dpi ?? { x: dpi, y: dpi / pixelRatio },
      color,
    },
    stripsOf(image, (rows) => {
      const samples = image.samples(rows, color === 'rgb' ? 3 : 1);
      step();
      return color === 'bilevel' ? blackAndWhite(samples, width) : samples;
    }),
  );
}

/** Photos, scans and forms. */
import { MagickFormat, pictures } from '../support/documents/decoded-images.ts';
import { jpegHeld, pngOf } from '../support/documents/images.ts';
import { input } from '../support/documents/input.ts';
import { pdfOfPages, pdfOfScans } from '../support/documents/pdfs.ts';
import type { GalleryDocument } from './gallery-document.ts';

export const PICTURE_PAGES: readonly GalleryDocument[] = [
  { name: 'photo-held-6.jpg', shows: 'upright', worker: 'to-pdf', make: () => jpegHeld(6) },
  { name: 'rotated.png', shows: 'upright', worker: 'to-pdf', make: () => input('orientation-6.png') },
  {
    name: 'transparent.png',
    shows: 'white where the picture is transparent',
    worker: 'to-pdf',
    make: () =>
      pngOf({
        width: 200,
        height: 200,
        colorType: 6,
        pixel: (x, y) => [200, 30, 30, (x - 100) ** 2 + (y - 100) ** 2 < 8_000 ? 255 : 0],
      }),
  },
  {
    name: 'panorama.png',
    shows: 'the whole width on the page',
    worker: 'to-pdf',
    make: () =>
      pngOf({
        width: 3_000,
        height: 400,
        colorType: 0,
        pixel: (x, y) => [(x % 500 < 6 ? 0 : 90) + (y % 150)],
      }),
  },
  {
    name: 'fax.tiff',
    shows: 'each picture of the file on a page',
    worker: 'to-pdf',
    make: () => pictures(MagickFormat.Tiff, [60, 120, 180]),
  },
  {
    name: 'filled-form.pdf',
    shows: 'the entered values',
    worker: 'to-tiff',
    make: () => input('filled-form.pdf'),
  },
  {
    name: 'scan.pdf',
    shows: 'the gray of the scan, page for page',
    worker: 'to-tiff',
    make: () =>
      pdfOfScans(2, {
        width: 300,
        height: 420,
        pixels: (page) =>
          Buffer.from(Array.from({ length: 300 * 420 }, (_, at) => (at % 300 < 150 ? 40 : 200) + page * 20)),
      }),
  },
  {
    name: 'pages.pdf',
    shows: 'text pages merged with their own sizes',
    worker: 'merge-pdf',
    make: async () => Buffer.from(await pdfOfPages(3)),
  },
];

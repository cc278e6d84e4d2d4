import * as z from 'zod';

export const toTiffDescription =
  'Makes a multi-page TIFF of each part of an item: the pages of a PDF, or images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF).';

export const toTiffParameters = z.strictObject({
  dpi: z
    .int()
    .min(72)
    .max(600)
    .default(200)
    .describe(
      'Resolution of the pages of PDFs; images keep their pixels, and those that are decoded the resolution that they state.',
    ),
  color: z
    .enum(['bilevel', 'gray', 'rgb'])
    .default('gray')
    .describe('bilevel makes each pixel black or white, whichever is nearer.'),
});
export type ToTiffParameters = z.infer<typeof toTiffParameters>;
export type Color = ToTiffParameters['color'];

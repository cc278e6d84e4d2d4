import * as z from 'zod';

export const toTiffDescription =
  'Makes a multi-page TIFF from each part of an item: a PDF or an image (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF, HEIC).';

export const toTiffParameters = z.strictObject({
  dpi: z
    .int()
    .min(72)
    .max(600)
    .default(200)
    .describe(
      'Resolution of PDF pages. Images keep their pixels. TIFF, GIF, WebP, BMP, JPEG 2000, AVIF and HEIC images also keep the resolution that they state.',
    ),
  color: z
    .enum(['bilevel', 'gray', 'rgb'])
    .default('gray')
    .describe('bilevel makes each pixel black or white, whichever is closer.'),
});
export type ToTiffParameters = z.infer<typeof toTiffParameters>;
export type Color = ToTiffParameters['color'];

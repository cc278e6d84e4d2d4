import * as z from 'zod';
import { pageParameters } from '../pdf/page-format.ts';

export const toPdfDescription =
  'Makes a PDF of each part of an item: of text, Markdown, HTML and images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF); a PDF becomes a part as it is.';

export const toPdfParameters = z.strictObject({
  title: z.string().max(300).optional().describe('Title of each PDF; absent, the name of its file.'),
  ...pageParameters,
});
export type ToPdfParameters = z.infer<typeof toPdfParameters>;

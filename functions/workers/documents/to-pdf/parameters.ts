import * as z from 'zod';
import { onBrokenDocument } from '../pdf/broken-documents.ts';
import { pageParameters } from '../pdf/page-format.ts';

export const toPdfDescription =
  'Makes a PDF from each part of an item. Supports text, Markdown, HTML, office documents (docx, xlsx, pptx) and images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF, HEIC). Stores a PDF unchanged.';

export const toPdfParameters = z.strictObject({
  title: z.string().max(300).optional().describe('Title of each PDF. Default: the name of the source file.'),
  onBrokenDocument,
  ...pageParameters,
});
export type ToPdfParameters = z.infer<typeof toPdfParameters>;

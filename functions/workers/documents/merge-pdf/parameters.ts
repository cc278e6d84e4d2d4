import * as z from 'zod';
import { onBrokenDocument } from '../pdf/broken-documents.ts';
import { pageParameters } from '../pdf/page-format.ts';

export const mergePdfDescription =
  'Merges the parts of an item, in order, into one PDF with a bookmark for each part. Supports PDF and the types of to-pdf.';

export const mergePdfParameters = z.strictObject({
  title: z
    .string()
    .max(300)
    .optional()
    .describe('Title and file name of the PDF. Default: the id of the item.'),
  onBrokenDocument,
  ...pageParameters,
});
export type MergePdfParameters = z.infer<typeof mergePdfParameters>;

import * as z from 'zod';
import { pageParameters } from '../pdf/page-format.ts';

export const mergePdfDescription =
  'Merges the parts of an item (PDF, text, Markdown, HTML, images as to-pdf takes them) in their order into one PDF with a bookmark for each.';

export const mergePdfParameters = z.strictObject({
  title: z.string().max(300).optional().describe('Title and file name; absent, the id of the item.'),
  ...pageParameters,
});
export type MergePdfParameters = z.infer<typeof mergePdfParameters>;

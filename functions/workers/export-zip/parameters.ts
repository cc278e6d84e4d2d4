import * as z from 'zod';

export const exportZipDescription =
  'Streams the files of many results into one zip archive per item, with a manifest; its items are groups of the splitters job-results and step-results.';

export const exportZipParameters = z.strictObject({
  filename: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w .()-]+$/, 'letters, digits, blanks and . _ - ( )')
    .default('export')
    .describe('Of the archives: <filename>-<item id>.zip.'),
  meta: z.boolean().default(false).describe('Takes META parts too.'),
  manifest: z.enum(['json', 'csv', 'both']).default('json'),
});
export type ExportZipParameters = z.infer<typeof exportZipParameters>;

import * as z from 'zod';

export const exportZipDescription =
  'Streams the files of many results into one zip archive per item, with a manifest. Its items are groups from the splitters job-results and step-results.';

export const exportZipParameters = z.strictObject({
  filename: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w .()-]+$/, 'letters, digits, spaces and . _ - ( )')
    .default('export')
    .describe('First part of the archive names: <filename>-<item id>.zip.'),
  meta: z.boolean().default(false).describe('Includes META parts.'),
  manifest: z.enum(['json', 'csv', 'both']).default('json'),
});
export type ExportZipParameters = z.infer<typeof exportZipParameters>;

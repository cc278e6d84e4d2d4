import * as v from 'valibot';

export const exportZipDescription =
  'Streams the files of many results into one zip archive per item, with a manifest. Its items are groups from the splitters job-results and step-results.';

export const exportZipParameters = v.strictObject({
  filename: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(100),
      v.regex(/^[\w .()-]+$/, 'letters, digits, spaces and . _ - ( )'),
      v.description('First part of the archive names: <filename>-<item id>.zip.'),
    ),
    'export',
  ),
  meta: v.optional(v.pipe(v.boolean(), v.description('Includes META parts.')), false),
  manifest: v.optional(v.picklist(['json', 'csv', 'both']), 'json'),
});
export type ExportZipParameters = v.InferOutput<typeof exportZipParameters>;

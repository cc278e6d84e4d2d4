import * as z from 'zod';

export const unzipDescription =
  'Takes zip archives apart: each of their files becomes a part of the item. Sets the outcome code MORE where there is an archive among them.';

export const unzipParameters = z.strictObject({
  maxFiles: z.int().min(1).max(1_000).default(1_000).describe('Of one archive.'),
  maxBytes: z
    .int()
    .min(1)
    .max(1024 ** 3)
    .default(256 * 1024 ** 2)
    .describe('Of the files of one archive together.'),
});
export type UnzipParameters = z.infer<typeof unzipParameters>;

import * as z from 'zod';
import { NAME_ENCODINGS } from '../../sources/name-encodings.ts';

export const unzipDescription =
  'Unzips archives: each of their files becomes a part of the item. Sets the outcome code MORE if an archive is among the files.';

export const unzipParameters = z.strictObject({
  maxFiles: z.int().min(1).max(1_000).default(1_000).describe('Maximum number of files of one archive.'),
  maxBytes: z
    .int()
    .min(1)
    .max(1024 ** 3)
    .default(256 * 1024 ** 2)
    .describe('Maximum total size of the files of one archive.'),
  nameEncoding: z
    .enum(NAME_ENCODINGS)
    .optional()
    .describe('Encoding of names that are not Unicode. Default: detected from all names of the archive.'),
});
export type UnzipParameters = z.infer<typeof unzipParameters>;

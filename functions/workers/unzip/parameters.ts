import * as v from 'valibot';
import { positiveCount } from '#contract/integers.ts';
import { NAME_ENCODINGS } from '../../sources/archive-encodings.ts';

export const unzipDescription =
  'Unzips archives: each of their files becomes a part of the item. Sets the outcome code MORE if an archive is among the files.';

export const unzipParameters = v.strictObject({
  maxFiles: v.optional(
    v.pipe(positiveCount, v.maxValue(1_000), v.description('Maximum number of files of one archive.')),
    1_000,
  ),
  maxBytes: v.optional(
    v.pipe(
      positiveCount,
      v.maxValue(1024 ** 3),
      v.description('Maximum total size of the files of one archive.'),
    ),
    256 * 1024 ** 2,
  ),
  nameEncoding: v.optional(
    v.pipe(
      v.picklist(NAME_ENCODINGS),
      v.description(
        'Encoding of names that are not Unicode. Default: detected from all names of the archive.',
      ),
    ),
  ),
});
export type UnzipParameters = v.InferOutput<typeof unzipParameters>;

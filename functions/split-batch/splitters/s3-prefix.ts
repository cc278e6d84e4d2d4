import * as z from 'zod';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';
import { storedCursor } from './stored-cursor.ts';

const OBJECTS_PER_PAGE = 1_000;

const prefixDefinition = z.strictObject({
  bucket: z
    .string()
    .min(3)
    .max(63)
    .optional()
    .describe('Name of the bucket. If absent, the bucket of the service.'),
  prefix: z.string().max(1024).describe('Selects objects whose key starts with this string.'),
  suffix: z.string().max(1024).optional().describe('Selects objects whose key ends with this string.'),
  recursive: z
    .boolean()
    .default(true)
    .describe('If false, selects only objects directly below the prefix, up to the next /.'),
});
type PrefixDefinition = z.infer<typeof prefixDefinition>;

export const s3Prefix = defineSplitter<PrefixDefinition>({
  name: 's3-prefix',
  description:
    'Creates one item for each object below a prefix. Its id is the key, its payload {bucket, key, size, etag}.',
  definition: prefixDefinition,
  split: splitPrefix,
});

/** Reads one page of the listing after the other. The number of pages is not known before the last one. */
async function* splitPrefix(definition: PrefixDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { bucket, prefix, suffix = '', recursive } = definition;
  let after = storedCursor(z.string(), context);
  do {
    const page = await context.objects.list(
      { bucket, key: prefix },
      {
        limit: OBJECTS_PER_PAGE,
        ...omitUndefined({ after }),
        ...(recursive ? {} : { delimiter: '/' as const }),
      },
    );
    for (const { key, sizeBytes, etag } of page.objects) {
      // Keys that end in / are folders that consoles create.
      if (!key.endsWith(suffix) || key.endsWith('/')) continue;
      yield item(key, { ...omitUndefined({ bucket }), key, size: sizeBytes, etag });
    }
    after = page.next;
    if (after !== undefined) yield checkpoint(after);
  } while (after !== undefined);
}

import * as z from 'zod';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';

const OBJECTS_PER_PAGE = 1_000;

const prefixDefinition = z.strictObject({
  bucket: z.string().min(3).max(63).optional().describe("Absent: the service's own bucket."),
  prefix: z.string().max(1024).describe('Only objects whose key begins so.'),
  suffix: z.string().max(1024).optional().describe('Only objects whose key ends so.'),
  recursive: z
    .boolean()
    .default(true)
    .describe('false: only objects directly below the prefix, up to the next /.'),
});
type PrefixDefinition = z.infer<typeof prefixDefinition>;

export const s3Prefix = defineSplitter<PrefixDefinition>({
  name: 's3-prefix',
  description:
    'Each object below a prefix is an item: its id is the key, its payload {bucket, key, size, etag}.',
  definition: prefixDefinition,
  split: splitPrefix,
});

/** One listing page after the other; how many there are is not known before the last. */
async function* splitPrefix(definition: PrefixDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { bucket, prefix, suffix = '', recursive } = definition;
  let after = context.cursor as string | undefined;
  do {
    const page = await context.objects.list(
      { bucket, key: prefix },
      {
        limit: OBJECTS_PER_PAGE,
        ...(after === undefined ? {} : { after }),
        ...(recursive ? {} : { delimiter: '/' as const }),
      },
    );
    for (const { key, sizeBytes, etag } of page.objects) {
      // Keys that end in / are what consoles make of folders.
      if (!key.endsWith(suffix) || key.endsWith('/')) continue;
      yield item(key, { ...(bucket === undefined ? {} : { bucket }), key, size: sizeBytes, etag });
    }
    after = page.next;
    if (after !== undefined) yield checkpoint(after);
  } while (after !== undefined);
}

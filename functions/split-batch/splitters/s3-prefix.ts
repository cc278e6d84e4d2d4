import * as v from 'valibot';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';
import { storedCursor } from './stored-cursor.ts';

const OBJECTS_PER_PAGE = 1_000;

const keyText = v.pipe(v.string(), v.maxLength(1024));

const prefixDefinition = v.strictObject({
  bucket: v.optional(
    v.pipe(
      v.string(),
      v.minLength(3),
      v.maxLength(63),
      v.description('Name of the bucket. If absent, the bucket of the service.'),
    ),
  ),
  prefix: v.pipe(keyText, v.description('Selects objects whose key starts with this string.')),
  suffix: v.optional(v.pipe(keyText, v.description('Selects objects whose key ends with this string.'))),
  recursive: v.optional(
    v.pipe(
      v.boolean(),
      v.description('If false, selects only objects directly below the prefix, up to the next /.'),
    ),
    true,
  ),
});
type PrefixDefinition = v.InferOutput<typeof prefixDefinition>;

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
  let after = storedCursor(v.string(), context);
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

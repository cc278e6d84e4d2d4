import { PermanentFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import type { ObjectAddress } from '#core/ports.ts';
import { defineWorker, type WorkerContext } from '../../clients/worker/define-worker.ts';
import { extractText } from './extract-text.ts';
import { type ExtractTextParameters, extractTextDescription, extractTextParameters } from './parameters.ts';
import { UnreadableDocument } from './unreadable-document.ts';

/** The worker `extract-text`: fetches the object that an item names and says what is in it. */
export const extractTextWorker = defineWorker<ExtractTextParameters>({
  name: 'extract-text',
  description: extractTextDescription,
  parameters: extractTextParameters,
  // One document is read at a time, by the CPU; the others are fetched and stored meanwhile.
  concurrency: 4,
  async run(item, context) {
    const { parameters, signal } = context;
    const address = addressOf(item, context);
    const bytes = await fetchDocument(address, context);
    const name = address.key.split('/').at(-1) ?? address.key;
    try {
      const { text, ...measured } = await extractText(bytes, {
        name,
        signal,
        maxBytes: parameters.maxBytes,
        maxPages: parameters.maxPages,
        language: parameters.language,
      });
      if (!parameters.keepText) return measured;
      await context.putPart({ filename: `${name}.txt`, mimeType: 'text/plain; charset=utf-8', body: text });
      return measured;
    } catch (error) {
      if (error instanceof UnreadableDocument)
        throw new PermanentFailure(error.code, error.message, { cause: error });
      throw error;
    }
  },
});

/** What `s3-prefix` gives ({bucket?, key}), or {source}, or a source as text: `upload:<id>`, `s3://bucket/key`. */
function addressOf({ payload }: Item, { objects }: WorkerContext<unknown>): ObjectAddress {
  const { bucket, key, source } = (
    typeof payload === 'object' && payload !== null ? payload : { source: payload }
  ) as {
    bucket?: unknown;
    key?: unknown;
    source?: unknown;
  };
  if (typeof source === 'string') return objects.resolve(source);
  if (typeof key === 'string') return typeof bucket === 'string' ? { bucket, key } : { key };
  throw new PermanentFailure(
    'invalid-item',
    `the item must be {key} or {bucket, key} as s3-prefix gives it, or {source: 'upload:<id>' or 's3://bucket/key'}`,
  );
}

async function fetchDocument(
  address: ObjectAddress,
  context: WorkerContext<ExtractTextParameters>,
): Promise<Uint8Array> {
  const { maxBytes } = context.parameters;
  const bytes = await context.objects.get(address, { from: 0, to: maxBytes + 1 });
  if (bytes === undefined) {
    throw new PermanentFailure(
      'source-missing',
      `there is no object '${address.key}'; was it deleted since the listing?`,
    );
  }
  return bytes;
}

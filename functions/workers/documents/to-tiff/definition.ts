import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { type ConvertedPart, totalsOf } from '../part-totals.ts';
import { eachDocument } from '../reading/each-document.ts';
import { makeMovable } from '../threads/movable.ts';
import { limitsOf } from '../threads/work-limits.ts';
import { type ToTiffParameters, toTiffParameters } from './parameters.ts';
import type { ConvertedTiff } from './to-tiff.ts';
import { toTiffThread } from './to-tiff-thread.ts';

/** Enough for about 500 pages in gray at 200 dpi. */
const TIMEOUT_SECONDS = 300;

/** The worker `to-tiff`: makes a multi-page TIFF from each document of an item. */
export const worker = defineWorker<ToTiffParameters>({
  name: 'to-tiff',
  parameters: toTiffParameters,
  concurrency: 1,
  async run(item, context) {
    return totalsOf(
      await eachDocument(item, { signal: context.signal, extension: 'tiff' }, (part, filename) =>
        convert(part, filename, context),
      ),
    );
  },
});

async function convert(
  part: Part,
  filename: string,
  context: WorkerContext<ToTiffParameters>,
): Promise<ConvertedPart> {
  const bytes = makeMovable(await context.fetchPart(part));
  const limits = limitsOf(bytes.length, { timeoutSeconds: TIMEOUT_SECONDS, signal: context.signal });
  let tiff: ConvertedTiff = { pages: 0 };
  async function* body() {
    tiff = yield* toTiffThread.pieces({ name: part.filename, bytes, ...context.parameters }, limits);
  }
  const { sizeBytes = 0 } = await context.putPart({ filename, mimeType: 'image/tiff', body: body() });
  return { source: part.filename, ...tiff, sizeBytes };
}

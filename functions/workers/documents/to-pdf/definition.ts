import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { type ConvertedPart, totalsOf } from '../part-totals.ts';
import { eachDocument } from '../reading/each-document.ts';
import { makeMovable } from '../threads/movable.ts';
import { limitsOf } from '../threads/work-limits.ts';
import { type ToPdfParameters, toPdfParameters } from './parameters.ts';
import { toPdfThread } from './to-pdf-thread.ts';

const TIMEOUT_SECONDS = 60;

/** The worker `to-pdf`: makes a PDF part from each document of an item. */
export const worker = defineWorker<ToPdfParameters>({
  name: 'to-pdf',
  parameters: toPdfParameters,
  // Conversion is CPU-bound, so one PDF is made at a time. The next document is fetched meanwhile.
  concurrency: 2,
  async run(item, context) {
    return totalsOf(
      await eachDocument(item, { signal: context.signal, extension: 'pdf' }, (part, filename) =>
        convert(part, filename, context),
      ),
    );
  },
});

async function convert(
  part: Part,
  filename: string,
  context: WorkerContext<ToPdfParameters>,
): Promise<ConvertedPart> {
  const { title = part.filename, ...format } = context.parameters;
  const bytes = makeMovable(await context.fetchPart(part));
  const limits = limitsOf(bytes.length, { timeoutSeconds: TIMEOUT_SECONDS, signal: context.signal });
  const pdf = await toPdfThread.run({ name: part.filename, bytes, title, format }, limits);
  await context.putPart({ filename, mimeType: 'application/pdf', body: pdf.bytes });
  return { source: part.filename, pages: pdf.pages, sizeBytes: pdf.bytes.length, note: pdf.note };
}

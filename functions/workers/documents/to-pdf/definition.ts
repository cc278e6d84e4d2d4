import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { type ConvertedPart, totalsOf } from '../part-totals.ts';
import { eachDocument } from '../reading/each-document.ts';
import { makeMovable } from '../threads/movable.ts';
import { limitsOf } from '../threads/work-limits.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
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
    const refusals: UnreadableDocument[] = [];
    const parts = await eachDocument(item, { signal: context.signal, extension: 'pdf' }, (part, filename) =>
      convertOrLeaveOut({ part, filename, refusals }, context),
    );
    const [first] = refusals;
    if (first === undefined || refusals.length < parts.length) return totalsOf(parts);
    throw new PermanentFailure(first.code, first.message, { cause: first });
  },
});

interface Conversion {
  readonly part: Part;
  /** Name of the PDF. */
  readonly filename: string;
  /** Refusals of the documents that are left out. */
  readonly refusals: UnreadableDocument[];
}

async function convertOrLeaveOut(
  { part, filename, refusals }: Conversion,
  context: WorkerContext<ToPdfParameters>,
): Promise<ConvertedPart> {
  try {
    return await convert(part, filename, context);
  } catch (error) {
    if (context.parameters.onBrokenDocument === 'fail' || !(error instanceof UnreadableDocument)) throw error;
    refusals.push(error);
    return { source: part.filename, pages: 0, sizeBytes: 0, note: `left out, ${error.code}` };
  }
}

async function convert(
  part: Part,
  filename: string,
  context: WorkerContext<ToPdfParameters>,
): Promise<ConvertedPart> {
  const { title = part.filename, onBrokenDocument: _onBrokenDocument, ...format } = context.parameters;
  const bytes = makeMovable(await context.fetchPart(part));
  const limits = limitsOf(bytes.length, { timeoutSeconds: TIMEOUT_SECONDS, signal: context.signal });
  const pdf = await toPdfThread.run({ name: part.filename, bytes, title, format }, limits);
  await context.putPart({ filename, mimeType: 'application/pdf', body: pdf.bytes });
  return { source: part.filename, pages: pdf.pages, sizeBytes: pdf.bytes.length, note: pdf.note };
}

import { defineWorker } from '#kit/define-worker.ts';
import { pdfOfEach } from '../pdf/pdf-of-each.ts';
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
  run: (item, context) =>
    pdfOfEach(item, context, ({ name, bytes }) => {
      const { title = name, onBrokenDocument: _onBrokenDocument, ...format } = context.parameters;
      const limits = limitsOf(bytes.length, { timeoutSeconds: TIMEOUT_SECONDS, signal: context.signal });
      return toPdfThread.run({ name, bytes, title, format }, limits);
    }),
});

import { defineWorker } from '#kit/define-worker.ts';
import { pdfOfEach } from '../pdf/pdf-of-each.ts';
import { limitsOf } from '../threads/work-limits.ts';
import { convertOffice, OFFICE_LIMITS } from './convert-office.ts';
import { inspectThread } from './inspect-thread.ts';
import { type OfficeToPdfParameters, officeToPdfParameters } from './parameters.ts';

/** Maximum CPU time to detect the type of a document, or to count the pages of a PDF. */
const INSPECTION_SECONDS = 30;

/** The worker `office-to-pdf`: makes a PDF part with LibreOffice from each document of an item. */
export const worker = defineWorker<OfficeToPdfParameters>({
  name: 'office-to-pdf',
  parameters: officeToPdfParameters,
  // LibreOffice needs the whole processor and hundreds of megabytes.
  concurrency: 1,
  run: (item, context) =>
    pdfOfEach(item, context, async ({ name, bytes }) => {
      const { signal } = context;
      const inspect = (document: Uint8Array<ArrayBuffer>) => {
        const limits = limitsOf(document.length, { timeoutSeconds: INSPECTION_SECONDS, signal });
        return inspectThread.run({ name, bytes: document }, limits);
      };
      const source = await inspect(bytes);
      if (source.type === 'pdf') return source;
      const pdf = await convertOffice(source.bytes, source.type, { ...OFFICE_LIMITS, signal });
      return inspect(pdf);
    }),
});

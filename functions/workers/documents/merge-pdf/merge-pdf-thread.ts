import { LimitedThread } from '../threads/limited-thread.ts';
import type { MergedPdf, MergePdfRequest } from './merge-pdf.ts';

/** Merges the documents of one item at a time, in a separate thread. */
export const mergePdfThread = new LimitedThread<MergePdfRequest, MergedPdf>({
  role: 'merge-pdf',
  module: import.meta.url,
  load: async () => (await import('./merge-pdf.ts')).mergePdf,
  requestBuffers: ({ sources }) => sources.map(({ bytes }) => bytes.buffer),
  resultBuffers: ({ bytes }) => [bytes.buffer],
});

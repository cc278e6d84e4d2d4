import { LimitedThread } from '../threads/limited-thread.ts';
import type { ToPdfRequest, ToPdfResult } from './to-pdf.ts';

/** Makes one PDF at a time, in a separate thread. */
export const toPdfThread = new LimitedThread<ToPdfRequest, ToPdfResult>({
  role: 'to-pdf',
  module: import.meta.url,
  load: async () => (await import('./to-pdf.ts')).toPdf,
  requestBuffers: ({ bytes }) => [bytes.buffer],
  resultBuffers: ({ bytes }) => [bytes.buffer],
});

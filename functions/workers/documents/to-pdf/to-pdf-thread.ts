import { LimitedThread } from '../threads/limited-thread.ts';
import type { MadePdf, ToPdfRequest } from './to-pdf.ts';

/** Makes one PDF at a time, in a separate thread. */
export const toPdfThread = new LimitedThread<ToPdfRequest, MadePdf>({
  role: 'to-pdf',
  module: import.meta.url,
  load: async () => (await import('./to-pdf.ts')).toPdf,
  moved: ({ bytes }) => [bytes.buffer],
  movedBack: ({ bytes }) => [bytes.buffer],
});

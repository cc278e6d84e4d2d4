import { LimitedThread } from '../threads/limited-thread.ts';
import type { InspectedDocument, InspectRequest } from './inspect-document.ts';

/** Inspects one document at a time, in a separate thread. */
export const inspectThread = new LimitedThread<InspectRequest, InspectedDocument>({
  role: 'office-to-pdf',
  module: import.meta.url,
  load: async () => (await import('./inspect-document.ts')).inspectDocument,
  requestBuffers: ({ bytes }) => [bytes.buffer],
  resultBuffers: ({ bytes }) => [bytes.buffer],
});

import { LimitedThread } from '../threads/limited-thread.ts';
import type { DocumentText } from './read-document.ts';
import type { ReadingOptions } from './reading-options.ts';

interface ReadRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: ReadingOptions;
}

/** Reads one document at a time, in a separate thread. */
export const readingThread = new LimitedThread<ReadRequest, DocumentText>({
  role: 'extract-text: reading thread',
  module: import.meta.url,
  async load() {
    const { readDocument } = await import('./read-document.ts');
    return ({ bytes, options }, step) => readDocument(bytes, options, step);
  },
  requestBuffers: ({ bytes }) => [bytes.buffer],
});

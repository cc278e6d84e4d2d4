import { LimitedThread } from '../threads/limited-thread.ts';
import type { ConvertedTiff, ToTiffRequest } from './to-tiff.ts';

/** Makes one TIFF at a time, in a separate thread. */
export const toTiffThread = new LimitedThread<ToTiffRequest, ConvertedTiff>({
  role: 'to-tiff',
  module: import.meta.url,
  load: async () => (await import('./to-tiff.ts')).toTiff,
  requestBuffers: ({ bytes }) => [bytes.buffer],
});

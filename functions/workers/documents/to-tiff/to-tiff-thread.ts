import { LimitedThread } from '../threads/limited-thread.ts';
import type { MadeTiff, ToTiffRequest } from './to-tiff.ts';

/** Makes one TIFF at a time, in a separate thread. */
export const toTiffThread = new LimitedThread<ToTiffRequest, MadeTiff>({
  role: 'to-tiff',
  module: import.meta.url,
  load: async () => (await import('./to-tiff.ts')).toTiff,
  moved: ({ bytes }) => [bytes.buffer],
});

import * as z from 'zod';
import { defineWorker } from '../../functions/kit/define-worker.ts';

/** Makes a text file of each item. The names repeat, and one tries to leave the folder. */
export const filesWorker = defineWorker({
  name: 'files',
  description: 'makes files',
  parameters: z.looseObject({}),
  async run(item, { putPart }) {
    const filename = item.id === '2' ? '../../outside.txt' : 'result.txt';
    await putPart({ filename, mimeType: 'text/plain', body: `item ${item.id}` });
    return undefined;
  },
});

import { text } from 'node:stream/consumers';
import { defineWorker, PermanentFailure, RetryableFailure } from 'jobtree/worker';
import { z } from 'zod';

export const embed = defineWorker({
  name: 'embed',
  description: 'Computes a vector for each text.',
  parameters: z.strictObject({ url: z.url(), model: z.string() }),
  maxItems: () => 96, // the limit of this API for one request
  async runChunk(items, { parameters: { url, model }, web, signal }) {
    const body = JSON.stringify({ model, texts: items.map(({ payload }) => payload) });
    const response = await web.send({ url, method: 'POST', body, timeoutSeconds: 30, signal });
    const responseText = await text(response.body);
    if (response.status === 429) throw new RetryableFailure('busy', 'the model is busy');
    if (response.status !== 200) throw new PermanentFailure('refused', responseText.slice(0, 200));
    const { vectors } = JSON.parse(responseText) as { vectors: (number[] | null)[] };
    return vectors.map(
      (vector) => vector ?? new PermanentFailure('too-long', 'the text is too long; shorten it'),
    );
  },
});

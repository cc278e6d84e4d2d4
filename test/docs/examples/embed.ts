import { text } from 'node:stream/consumers';
import { defineWorker, PermanentFailure, RetryableFailure } from 'jobtree/worker';
import { z } from 'zod';

export const embed = defineWorker({
  name: 'embed',
  description: 'Computes a vector for each text.',
  parameters: z.strictObject({ url: z.url(), model: z.string() }),
  maxItems: () => 96, // what this API takes at once
  async runChunk(items, { parameters: { url, model }, web, signal }) {
    const body = JSON.stringify({ model, texts: items.map(({ payload }) => payload) });
    const answer = await web.send({ url, method: 'POST', body, timeoutSeconds: 30, signal });
    const said = await text(answer.body);
    if (answer.status === 429) throw new RetryableFailure('busy', 'the model is busy');
    if (answer.status !== 200) throw new PermanentFailure('refused', said.slice(0, 200));
    const { vectors } = JSON.parse(said) as { vectors: (number[] | null)[] };
    return vectors.map(
      (vector) => vector ?? new PermanentFailure('too-long', 'the text is too long; cut it'),
    );
  },
});

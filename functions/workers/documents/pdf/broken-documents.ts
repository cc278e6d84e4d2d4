import * as z from 'zod';

/** Parameter of the workers that make PDFs of several documents. */
export const onBrokenDocument = z
  .enum(['fail', 'leaveOut'])
  .default('fail')
  .describe(
    'Effect of a document that cannot be read: fail fails the item; leaveOut processes the others and names it in the note.',
  );
export type OnBrokenDocument = z.infer<typeof onBrokenDocument>;

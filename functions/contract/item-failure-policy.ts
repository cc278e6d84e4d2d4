import * as z from 'zod';

export const itemFailurePolicy = z
  .union([
    z.enum(['failIfNoneSucceed', 'continue', 'failAtEnd', 'failFast']),
    z.strictObject({ tolerate: z.strictObject({ count: z.int().min(0) }) }),
    z.strictObject({ tolerate: z.strictObject({ percent: z.number().min(0).max(100) }) }),
  ])
  .describe(
    'The effect of failed items on the job. failIfNoneSucceed (default): the job fails at its end if items failed and none succeeded. continue: it completes. failAtEnd: it fails at its end if an item failed. failFast: the first failed item ends it. {"tolerate": {"count": n}} or {"tolerate": {"percent": n}}: it fails above the limit.',
  );

import * as z from 'zod';

export const itemFailurePolicy = z
  .union([
    z.enum(['continue', 'failAtEnd', 'failFast']),
    z.strictObject({ tolerate: z.strictObject({ count: z.int().min(0) }) }),
    z.strictObject({ tolerate: z.strictObject({ percent: z.number().min(0).max(100) }) }),
  ])
  .describe(
    'The effect of failed items on the job. {"tolerate": {"count": n}} or {"tolerate": {"percent": n}} sets a limit above which it fails.',
  );

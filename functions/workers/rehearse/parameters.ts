import * as z from 'zod';

export const rehearseDescription =
  'Touches nothing: waits, fails and reports as told, to try quotas, policies and templates before real work.';

export const rehearseParameters = z.strictObject({
  millisPerItem: z.number().min(0).max(60_000).default(0).describe('How long each item takes.'),
  failItems: z.array(z.string()).max(10_000).default([]).describe('Ids of items that fail.'),
  failEvery: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Items whose numeric id is divisible by it fail; other ids go by their position in the chunk.'),
  failure: z.enum(['permanent', 'retryable', 'crash', 'condition']).default('permanent'),
  condition: z.string().optional().describe('What the item waits for, where failure is condition.'),
  failTimes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Retryable items succeed after so many failures.'),
  exitCode: z.string().optional().describe('Outcome code of the step, where the job runs a template.'),
  output: z.unknown().optional().describe('What each item answers; absent, the item is echoed.'),
});
export type RehearseParameters = z.infer<typeof rehearseParameters>;

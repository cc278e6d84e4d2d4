import * as z from 'zod';

export const rehearseDescription =
  'Simulates work without side effects: waits, fails and reports as configured, to try quotas, policies and templates.';

export const rehearseParameters = z.strictObject({
  millisPerItem: z.number().min(0).max(60_000).default(0).describe('Duration of each item.'),
  failItems: z.array(z.string()).max(10_000).default([]).describe('Ids of items that fail.'),
  failEvery: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Items fail if their numeric id is divisible by this number. For other ids, their position in the chunk counts.',
    ),
  failure: z.enum(['permanent', 'retryable', 'crash', 'condition']).default('permanent'),
  condition: z
    .string()
    .optional()
    .describe('Condition that the item waits for, if `failure` is `condition`.'),
  failTimes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Number of failures after which retryable items succeed.'),
  exitCode: z.string().optional().describe('Outcome code of the step, if the job runs a template.'),
  output: z.unknown().optional().describe('Output of each item. Default: the payload of the item.'),
});
export type RehearseParameters = z.infer<typeof rehearseParameters>;

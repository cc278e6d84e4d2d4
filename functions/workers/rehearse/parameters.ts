import * as v from 'valibot';
import { positiveCount } from '#contract/integers.ts';

export const rehearseDescription =
  'Simulates work without side effects: waits, fails and reports as configured, to try quotas, policies and templates.';

export const rehearseParameters = v.strictObject({
  millisPerItem: v.optional(
    v.pipe(v.number(), v.minValue(0), v.maxValue(60_000), v.description('Duration of each item.')),
    0,
  ),
  failItems: v.optional(
    v.pipe(v.array(v.string()), v.maxLength(10_000), v.description('Ids of items that fail.')),
    [],
  ),
  failEvery: v.optional(
    v.pipe(
      positiveCount,
      v.description(
        'Items fail if their numeric id is divisible by this number. For other ids, their position in the chunk counts.',
      ),
    ),
  ),
  failure: v.optional(v.picklist(['permanent', 'retryable', 'crash', 'condition']), 'permanent'),
  condition: v.optional(
    v.pipe(v.string(), v.description('Condition that the item waits for, if `failure` is `condition`.')),
  ),
  failTimes: v.optional(
    v.pipe(positiveCount, v.description('Number of failures after which retryable items succeed.')),
  ),
  exitCode: v.optional(
    v.pipe(v.string(), v.description('Outcome code of the step, if the job runs a template.')),
  ),
  output: v.optional(
    v.pipe(v.unknown(), v.description('Output of each item. Default: the payload of the item.')),
  ),
});
export type RehearseParameters = v.InferOutput<typeof rehearseParameters>;

/** The request body that retries the failed items of a job. */
import * as z from 'zod';
import { refusal } from './problem.ts';

const MAX_CODES = 100;
const MAX_ITEM_IDS = 1_000;
const MAX_ITEM_ID_LENGTH = 1_024;

/** Filter and patch are stored in one row, with a request of up to 4 KB. */
const MAX_RETRY_BYTES = 100 * 1024;

/** Maximum number of ids in `failedDependents`. */
export const MAX_FAILED_DEPENDENTS = 100;

export const retryJobBody = z
  .strictObject({
    filter: z
      .strictObject({
        codes: z.array(z.string().min(1).max(100)).min(1).max(MAX_CODES).optional(),
        itemIds: z.array(z.string().min(1).max(MAX_ITEM_ID_LENGTH)).min(1).max(MAX_ITEM_IDS).optional(),
      })
      .default({})
      .describe(
        'Selects failed items. With both members, an item must match both. Default: all failed items.',
      ),
    patch: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('JSON merge patch for the original payload of each selected item.'),
    restartDependents: z
      .boolean()
      .optional()
      .describe(
        'True to start the jobs again that failed because of this one, directly or through other jobs.',
      ),
  })
  .meta({ id: 'RetryRequest' })
  .default({ filter: {} });

export const retriedSchema = z.strictObject({
  itemsRetried: z
    .int()
    .min(0)
    .describe(
      'Number of retried items, counted from stored failures; the actual number can be higher. 0 for a job that failed because of a prerequisite, and starts again.',
    ),
  failedDependents: z
    .array(z.string())
    .max(MAX_FAILED_DEPENDENTS)
    .exactOptional()
    .describe('Ids of jobs that failed because of this one. With restartDependents they start again.'),
});

export function checkRetrySize(retry: z.output<typeof retryJobBody>): void {
  const bytes = new TextEncoder().encode(JSON.stringify(retry)).length;
  if (bytes <= MAX_RETRY_BYTES) return;
  throw refusal(
    'too-large',
    `filter and patch have ${bytes} bytes together; at most ${MAX_RETRY_BYTES} are allowed. Retry in several steps, or filter by codes`,
  );
}

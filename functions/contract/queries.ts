/** What may stand behind the question mark of each route; anything else is refused by name. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { FINAL_STATUSES, JOB_STATUSES, type JobStatus, LIVE_STATUSES } from '#core/job-status.ts';
import { MAX_ID_LENGTH } from './ids.ts';

export const MAX_PAGE_SIZE = 1_000;
const MAX_CURSOR_LENGTH = 4_096;

/** Digits only: `Number` would also read '', '1e2' and '0x10'. */
function pageSize(byDefault: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/, `a whole number from 1 to ${MAX_PAGE_SIZE} is expected`)
    .default(String(byDefault))
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_PAGE_SIZE))
    .describe(`How many entries a page has at most (default ${byDefault}).`);
}

const cursor = z
  .string()
  .min(1)
  .max(MAX_CURSOR_LENGTH)
  .optional()
  .describe('Where the page begins: taken from the Link header of the page before.');

/** May be given several times; once is a list of one. */
function repeatable<T extends z.ZodType>(value: T) {
  return z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(value));
}

/** Which statuses each word of `statusType` stands for. */
export const STATUS_TYPES = {
  All: JOB_STATUSES,
  NotCompleted: JOB_STATUSES.filter((status) => status !== 'Completed'),
  Completed: ['Completed'],
  Inactive: FINAL_STATUSES,
  NotFinished: LIVE_STATUSES,
} as const satisfies Record<string, readonly JobStatus[]>;
type StatusType = keyof typeof STATUS_TYPES;

export const listJobsQuery = z.strictObject({
  jobIdStartsWith: z.string().max(MAX_ID_LENGTH.job).optional(),
  statusType: z.enum(Object.keys(STATUS_TYPES) as [StatusType, ...StatusType[]]).default('All'),
  status: repeatable(z.enum(JOB_STATUSES)).optional().describe('May be given several times.'),
  limit: pageSize(25),
  cursor,
});

export const pageQuery = z.strictObject({ limit: pageSize(100), cursor });

export const listFailuresQuery = pageQuery.extend({
  groupBy: z
    .enum(['fingerprint'])
    .optional()
    .describe(
      'One entry for all failures that say the same, with their count and an example; largest first.',
    ),
});

export const listItemsQuery = pageQuery.extend({
  outcome: z.enum(ITEM_OUTCOMES).optional(),
  parts: z.enum(['all', 'result']).default('all').describe('result leaves out the parts of type META.'),
});

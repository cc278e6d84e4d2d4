/** What may stand behind the question mark of each route; anything else is refused by name. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { FilterError, parseFilter } from '#core/job-filter.ts';
import { parseSort, SORT_PATTERN, SortError } from '#core/job-sort.ts';
import { FINAL_STATUSES, JOB_STATUSES, type JobStatus, LIVE_STATUSES } from '#core/job-status.ts';
import { LABEL_KEY_RULE, LABEL_KEYS } from '#core/label.ts';
import { MAX_ID_LENGTH } from './ids.ts';

export const MAX_PAGE_SIZE = 1_000;
export const JOBS_OF_A_PAGE = 25;
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
  .max(MAX_CURSOR_LENGTH)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'a cursor of the Link header of the page before is expected')
  .meta({ format: 'cursor' })
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

const MAX_FILTER_LENGTH = 4_096;
const MAX_LABELS_ASKED = 100;
const MAX_OFFSET = 10_000;

/** Refused with the words of what `parse` throws. */
function parsedBy(parse: (text: string) => unknown, isTold: (error: unknown) => error is Error) {
  return (text: string, context: z.RefinementCtx<string>) => {
    try {
      parse(text);
    } catch (error) {
      if (!isTold(error)) throw error;
      context.addIssue({ code: 'custom', message: error.message, input: text });
    }
  };
}

function flag(description: string) {
  return z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .pipe(z.boolean())
    .describe(description);
}

export function labelKeysOf(list: string): string[] {
  return list.split(',').map((key) => key.trim());
}

/** Which jobs: shared by lists, counts and bulk actions. */
const criteria = {
  jobIdStartsWith: z.string().max(MAX_ID_LENGTH.job).optional(),
  labelExist: z
    .string()
    .regex(LABEL_KEYS, `label keys with commas between them are expected; ${LABEL_KEY_RULE}`)
    .refine(
      (list) => labelKeysOf(list).length <= MAX_LABELS_ASKED,
      `at most ${MAX_LABELS_ASKED} keys are allowed`,
    )
    .optional()
    .describe('Keys of labels, separated by commas: jobs that have any of them.'),
  filter: z
    .string()
    .max(MAX_FILTER_LENGTH)
    .superRefine(parsedBy(parseFilter, (error) => error instanceof FilterError))
    .meta({ format: 'rsql' })
    .optional()
    .describe('RSQL, such as status==Active;labels.owner==b* (docs/http-api.md).'),
  includeHidden: flag('Whether jobs count that are hidden.'),
};

const statuses = {
  statusType: z.enum(Object.keys(STATUS_TYPES) as [StatusType, ...StatusType[]]).default('All'),
  status: repeatable(z.enum(JOB_STATUSES)).optional().describe('May be given several times.'),
};

export const listJobsQuery = z
  .strictObject({
    ...criteria,
    ...statuses,
    sort: z
      .string()
      .superRefine(parsedBy(parseSort, (error) => error instanceof SortError))
      .meta({ pattern: SORT_PATTERN })
      .default('createTime:desc')
      .describe('<field>:<asc|desc>; jobs that lack the field come last on asc.'),
    limit: pageSize(JOBS_OF_A_PAGE),
    offset: z
      .string()
      .regex(/^\d{1,6}$/, `a whole number from 0 to ${MAX_OFFSET} is expected`)
      .transform(Number)
      .pipe(z.int().min(0).max(MAX_OFFSET))
      .optional()
      .describe('How many jobs are skipped; beyond that, go on by cursor.'),
    cursor,
  })
  .refine(({ offset, cursor: given }) => offset === undefined || given === undefined, {
    path: ['offset'],
    message: 'goes with the first page only; a cursor knows where it goes on',
  });

export const countJobsQuery = z.strictObject({ ...criteria, ...statuses });

export const bulkJobsQuery = z.strictObject({
  ...criteria,
  dryRun: flag('Only counts the jobs that would change.'),
});

export const pageQuery = z.strictObject({ limit: pageSize(100), cursor });

export const listTasksQuery = pageQuery.extend({
  parent: z
    .string()
    .regex(/^(\d{1,8}(\.\d{1,8})*)?$/, 'the path of a task, such as 3.17, is expected')
    .default('')
    .describe('The path of the task whose children are listed; absent, the job itself.'),
});

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

/** Query parameters of each route. Any other parameter is rejected by name. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';
import { FINAL_STATUSES, JOB_STATUSES, type JobStatus, LIVE_STATUSES } from '#core/job-status.ts';
import { LABEL_KEY_RULE, LABEL_KEYS } from '#core/label.ts';
import { MAX_ACTIVITY_HOURS } from './activity-view.ts';
import { MAX_ID_LENGTH } from './ids.ts';
import { FilterError, parseFilter } from './job-filter.ts';
import { parseSort, SORT_PATTERN, SortError } from './job-sort.ts';

export const MAX_PAGE_SIZE = 1_000;
export const DEFAULT_PAGE_SIZE = 25;
const MAX_CURSOR_LENGTH = 4_096;

/** Accepts digits only, because `Number` also parses '', '1e2' and '0x10'. */
function pageSize(defaultSize: number) {
  const rule = `must be a whole number from 1 to ${MAX_PAGE_SIZE}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, rule)
    .default(String(defaultSize))
    .transform(Number)
    .pipe(z.int().min(1, rule).max(MAX_PAGE_SIZE, `${rule}; follow the Link header for more`))
    .describe(`Maximum number of entries in a page (default ${defaultSize}).`);
}

const cursor = z
  .string()
  .max(MAX_CURSOR_LENGTH)
  .regex(
    /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
    'must be a cursor from the Link header of the previous page; leave it out for the first page',
  )
  .meta({ format: 'cursor' })
  .optional()
  .describe('Start of the page, from the Link header of the previous page.');

/** A parameter that can be repeated. A single value becomes a list of one. */
function repeatable<T extends z.ZodType>(value: T) {
  return z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(value));
}

/** The statuses for each value of `statusType`. */
export const STATUS_TYPES = {
  All: JOB_STATUSES,
  NotCompleted: JOB_STATUSES.filter((status) => status !== 'Completed'),
  Completed: ['Completed'],
  Inactive: FINAL_STATUSES,
  NotFinished: LIVE_STATUSES,
} as const satisfies Record<string, readonly JobStatus[]>;
type StatusType = keyof typeof STATUS_TYPES;

const MAX_FILTER_LENGTH = 4_096;
const MAX_LABEL_KEYS = 100;
const MAX_OFFSET = 10_000;
const HOURS_RULE = `must be a whole number from 1 to ${MAX_ACTIVITY_HOURS}`;

/** Rejects a string with the message that `parse` throws. */
function checkWith(parse: (text: string) => unknown, isExpected: (error: unknown) => error is Error) {
  return (text: string, context: z.RefinementCtx<string>) => {
    try {
      parse(text);
    } catch (error) {
      if (!isExpected(error)) throw error;
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

/** Criteria that lists, counts and bulk actions share. */
const criteria = {
  jobIdStartsWith: z.string().max(MAX_ID_LENGTH.job).optional(),
  labelExist: z
    .string()
    .regex(LABEL_KEYS, `must be label keys separated by commas; ${LABEL_KEY_RULE}`)
    .refine(
      (list) => labelKeysOf(list).length <= MAX_LABEL_KEYS,
      `at most ${MAX_LABEL_KEYS} keys are allowed`,
    )
    .optional()
    .describe('Label keys, separated by commas. Selects jobs that have any of them.'),
  filter: z
    .string()
    .max(MAX_FILTER_LENGTH)
    .superRefine(checkWith(parseFilter, (error) => error instanceof FilterError))
    .meta({ format: 'rsql' })
    .optional()
    .describe('RSQL expression, such as status==Active;labels.owner==b* (docs/reference/http-api.md).'),
  includeHidden: flag('True to include hidden jobs.'),
};

const statuses = {
  statusType: z.enum(Object.keys(STATUS_TYPES) as [StatusType, ...StatusType[]]).default('All'),
  status: repeatable(z.enum(JOB_STATUSES)).optional().describe('Can be repeated.'),
};

export const listJobsQuery = z
  .strictObject({
    ...criteria,
    ...statuses,
    sort: z
      .string()
      .superRefine(checkWith(parseSort, (error) => error instanceof SortError))
      .meta({ pattern: SORT_PATTERN })
      .default('createTime:desc')
      .describe('<field>:<asc|desc>. In ascending order, jobs without the field come last.'),
    limit: pageSize(DEFAULT_PAGE_SIZE),
    offset: z
      .string()
      .regex(/^\d{1,6}$/, `must be a whole number from 0 to ${MAX_OFFSET}`)
      .transform(Number)
      .pipe(
        z
          .int()
          .min(0)
          .max(MAX_OFFSET, `must be a whole number from 0 to ${MAX_OFFSET}; use a cursor to skip more`),
      )
      .optional()
      .describe(`Number of jobs to skip, up to ${MAX_OFFSET}. Use a cursor to skip more.`),
    cursor,
  })
  .refine(({ offset, cursor: given }) => offset === undefined || given === undefined, {
    path: ['offset'],
    message: 'cannot be combined with cursor, which contains the position. Leave offset out',
  });

export const countJobsQuery = z.strictObject({ ...criteria, ...statuses });

export const activityQuery = z.strictObject({
  hours: z
    .string()
    .regex(/^\d{1,2}$/, HOURS_RULE)
    .default(String(MAX_ACTIVITY_HOURS))
    .transform(Number)
    .pipe(z.int().min(1, HOURS_RULE).max(MAX_ACTIVITY_HOURS, HOURS_RULE))
    .describe('Length of the period in hours.'),
});

export const bulkJobsQuery = z.strictObject({
  ...criteria,
  dryRun: flag('True to only count the jobs that would change.'),
});

export const pageQuery = z.strictObject({ limit: pageSize(100), cursor });

export const listTasksQuery = pageQuery.extend({
  parent: z
    .string()
    .regex(/^(\d{1,8}(\.\d{1,8})*)?$/, 'must be the path of a task, such as 3.17')
    .default('')
    .describe('Path of the task whose children are listed; absent for the job itself.'),
});

export const listFailuresQuery = pageQuery.extend({
  groupBy: z
    .enum(['fingerprint'])
    .optional()
    .describe(
      'fingerprint returns one entry for all failures with the same cause, with their count and an example; largest first.',
    ),
});

export const getItemQuery = z.strictObject({ cursor });

export const listItemsQuery = pageQuery.extend({
  outcome: z.enum(ITEM_OUTCOMES).optional(),
  parts: z.enum(['all', 'result']).default('all').describe('result omits parts of type META.'),
});

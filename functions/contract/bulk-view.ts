/** Responses of bulk actions: the number of jobs, under the member name of each verb. */
import * as z from 'zod';
import { count, links, timeOf } from './quantities.ts';

export const BULK_COUNTS = {
  cancel: 'jobsCanceled',
  delete: 'jobsDeleted',
  pause: 'jobsPaused',
  resume: 'jobsResumed',
  retry: 'jobsRetried',
} as const;
export type BulkVerb = keyof typeof BULK_COUNTS;
export const BULK_VERBS = Object.keys(BULK_COUNTS) as BulkVerb[];

type CountName<V extends BulkVerb> = (typeof BULK_COUNTS)[V];

/** Returns an object with a value under the member name of the verb. */
export function withCountName<V extends BulkVerb, T>(verb: V, jobs: T): Record<CountName<V>, T> {
  return { [BULK_COUNTS[verb]]: jobs } as Record<CountName<V>, T>;
}

const jobCount = count.describe('Number of jobs changed so far, including those changed within the request.');
const COUNT_NAMES = Object.values(BULK_COUNTS);
const anyCount = Object.fromEntries(COUNT_NAMES.map((name) => [name, jobCount.exactOptional()])) as Record<
  CountName<BulkVerb>,
  z.ZodExactOptional<typeof jobCount>
>;

/** The criteria of the request, which select the jobs. */
const criteria = z.strictObject({
  jobIdStartsWith: z.string().exactOptional(),
  labelExist: z.string().exactOptional(),
  filter: z.string().exactOptional(),
  includeHidden: z.boolean().exactOptional(),
});

export const bulkOperationSchema = z
  .strictObject({
    id: z.string(),
    verb: z.enum(Object.keys(BULK_COUNTS) as [BulkVerb, ...BulkVerb[]]),
    status: z.enum(['Running', 'Completed']),
    ...anyCount,
    jobsExamined: count,
    criteria,
    createTime: timeOf('Time of the request'),
    lastUpdateTime: timeOf('Time of its last progress'),
    endTime: timeOf('Time at which it completed').exactOptional(),
    createdBy: z.string().describe('The sub of the token that made the request.'),
    links,
  })
  .meta({ id: 'BulkOperation', description: 'The part of a bulk action that continues in the background.' });
export type BulkOperationView = z.output<typeof bulkOperationSchema>;

/** Response if all was done within the request, or counted by a dry run. */
export function bulkDoneSchema<V extends BulkVerb>(verb: V) {
  const dryRunFlag = z
    .literal(true)
    .describe('Nothing was changed; the count is the number of jobs that would change.');
  return z.strictObject({ ...withCountName(verb, count), dryRun: dryRunFlag.exactOptional() });
}

/** Response if part was done within the request. The operation shows the progress of the rest. */
export function bulkContinuesSchema<V extends BulkVerb>(verb: V) {
  return z.strictObject({ ...withCountName(verb, count), bulkOperation: bulkOperationSchema });
}

export type BulkAnswer<V extends BulkVerb> = Record<CountName<V>, number> & {
  dryRun?: true;
  bulkOperation?: BulkOperationView;
};

export function bulkPath(partition: string, id: string): string {
  return `/partitions/${encodeURIComponent(partition)}/bulkOperations/${encodeURIComponent(id)}`;
}

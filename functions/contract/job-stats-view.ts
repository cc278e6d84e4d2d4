import * as z from 'zod';
import { jobStatusSchema } from './job-status-view.ts';
import { count, itemsPerMinute, timeOf } from './quantities.ts';

/** Statistics of the jobs of a partition. */
export const jobStatsSchema = z
  .strictObject({
    total: count,
    byStatus: z
      .record(jobStatusSchema, count)
      .describe('Number of jobs in each status, including statuses with 0 jobs.'),
    itemsPerMinute: itemsPerMinute.describe(
      'Combined rate of all Active jobs: the items that each has done since it started, per minute.',
    ),
    oldestWaiting: z
      .strictObject({ id: z.string(), createTime: timeOf('Time at which the job was created') })
      .nullable(),
  })
  .meta({ id: 'JobStats' });
export type JobStatsView = z.output<typeof jobStatsSchema>;

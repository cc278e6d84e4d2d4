import * as z from 'zod';
import { jobStatusSchema } from './job-status-view.ts';
import { count, itemsPerMinute, timeOf } from './quantities.ts';

/** Time without progress after which an Active job counts as stuck. */
export const STUCK_MINUTES = 10;

/** Statistics of the jobs of a partition. */
export const jobStatsSchema = z
  .strictObject({
    total: count,
    byStatus: z
      .record(jobStatusSchema, count)
      .describe('Number of jobs in each status, including statuses with 0 jobs.'),
    itemsPerMinute: itemsPerMinute.describe(
      'Combined rate of all Active jobs: the sum of their itemsPerMinute.',
    ),
    withFailures: count.describe(
      'Number of jobs that are Failed or have failed items. Items of jobs that are paused or ended early are not counted.',
    ),
    stuck: count.describe(`Number of Active jobs without progress for ${STUCK_MINUTES} minutes.`),
    oldestWaiting: z
      .strictObject({ id: z.string(), createTime: timeOf('Time at which the job was created') })
      .nullable(),
  })
  .meta({ id: 'JobStats' });
export type JobStatsView = z.output<typeof jobStatsSchema>;

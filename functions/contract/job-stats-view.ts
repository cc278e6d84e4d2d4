import * as z from 'zod';
import { jobStatusSchema } from './job-status-view.ts';
import { count, timeOf } from './quantities.ts';

/** Statistics of the jobs of a partition. */
export const jobStatsSchema = z
  .strictObject({
    total: count,
    byStatus: z.record(jobStatusSchema, count).describe('Each status is there, with 0 if need be.'),
    itemsPerMinute: z
      .number()
      .min(0)
      .describe('Of all jobs that are Active: the items done since each of them started, by that time.'),
    oldestWaiting: z
      .strictObject({ id: z.string(), createTime: timeOf('When that job was created') })
      .nullable(),
  })
  .meta({ id: 'JobStats' });
export type JobStatsView = z.output<typeof jobStatsSchema>;

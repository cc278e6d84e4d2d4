import * as z from 'zod';
import { failureSummarySchema } from './failure-view.ts';
import { jobStatusSchema } from './job-status-view.ts';
import { count, timeOf } from './quantities.ts';

/** Limits of one request. */
export const MAX_ACTIVITY_JOBS = 500;
export const MAX_FAILED_JOBS = 50;
export const MAX_FAILURES_OF_JOB = 200;
export const MAX_ACTIVITY_GROUPS = 20;

export const MAX_ACTIVITY_HOURS = 24;

const intervalSchema = z.strictObject({
  startTime: timeOf('Start of the interval'),
  items: z.number().min(0).describe('Estimated number of items that became final.'),
  failed: z.number().min(0).describe('Those of them that failed.'),
  dollars: z.number().min(0).describe('Estimated cost in US dollars, counted as for a job.'),
});

const jobOfGroupSchema = z.strictObject({
  id: z.string(),
  status: jobStatusSchema,
  count: count.min(1),
  splitter: z.string().exactOptional().describe('Its splitter. Absent if it runs a template.'),
  workers: z
    .array(z.string())
    .exactOptional()
    .describe('Its workers, in the order of the pipeline. Absent if it runs a template.'),
});

const groupSchema = z.strictObject({
  fingerprint: z.string(),
  code: z.string(),
  message: z
    .string()
    .describe('Common pattern of the messages: # replaces words with digits, <item> the item id.'),
  count: count.min(1).describe('Number of failures in the period.'),
  isAtLeast: z.boolean().describe('True if there are failures that were not read.'),
  lastTime: timeOf('Time of the last failure'),
  jobs: z
    .array(jobOfGroupSchema)
    .describe(`Jobs with these failures, newest first, at most ${MAX_FAILED_JOBS}.`),
  example: failureSummarySchema,
});

/** Recent work of a partition, computed from its newest jobs. */
export const activitySchema = z
  .strictObject({
    since: timeOf('Start of the period'),
    until: timeOf('End of the period: the time of the request'),
    intervalMillis: count.describe('Length of an interval. The last one has not ended.'),
    jobsRead: count.describe('Number of jobs that were read.'),
    isComplete: z
      .boolean()
      .describe(
        `False if the partition has more than the ${MAX_ACTIVITY_JOBS} newest jobs, which were read.`,
      ),
    intervals: z
      .array(intervalSchema)
      .describe(
        'Oldest first, without gaps. Items and cost of a job are distributed evenly from its start to its end or last progress.',
      ),
    failureGroups: z
      .array(groupSchema)
      .describe(`Failures with the same cause over all jobs, largest first, at most ${MAX_ACTIVITY_GROUPS}.`),
  })
  .meta({ id: 'Activity' });
export type ActivityView = z.output<typeof activitySchema>;

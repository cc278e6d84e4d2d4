/** A job as CAF clients expect it. Generated clients reject other members, other statuses, and null. */
import * as z from 'zod';
import type { JobStatus } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { failureSummarySchema } from './failure-view.ts';
import { type JobView, jobViewSchema } from './job-view.ts';

const CAF_STATUSES = {
  Waiting: 'Waiting',
  Active: 'Active',
  Paused: 'Paused',
  Blocked: 'Active',
  Completed: 'Completed',
  Failed: 'Failed',
  Cancelled: 'Cancelled',
  Expired: 'Failed',
} as const satisfies Record<JobStatus, JobStatus>;
type CafStatus = (typeof CAF_STATUSES)[JobStatus];

export const cafStatusSchema = z
  .enum([...new Set(Object.values(CAF_STATUSES))])
  .meta({ id: 'CafStatus', description: 'Blocked is shown as Active, Expired as Failed.' });

/** Has exactly ten members. */
export const cafJobSchema = jobViewSchema
  .pick({
    id: true,
    name: true,
    description: true,
    externalData: true,
    createTime: true,
    lastUpdateTime: true,
    percentageComplete: true,
    labels: true,
  })
  .extend({
    status: cafStatusSchema,
    failures: z.array(failureSummarySchema.omit({ code: true })),
  })
  .meta({ id: 'CafJob', description: 'A job in the format of the CAF Job Service.' });
export type CafJob = z.output<typeof cafJobSchema>;

export function cafStatus(status: JobStatus): CafStatus {
  return CAF_STATUSES[status];
}

/** Returns the CAF view of a job. Absent strings are omitted. */
export function cafJob(view: JobView): CafJob {
  const { id, name, description, externalData } = view;
  const { createTime, lastUpdateTime, status, percentageComplete, failures, labels } = view;
  return {
    id,
    ...omitUndefined({ name, description, externalData }),
    createTime,
    lastUpdateTime,
    status: cafStatus(status),
    percentageComplete,
    failures: failures.map(({ code: _code, ...failure }) => failure),
    labels,
  };
}

import * as z from 'zod';
import { JOB_STATUSES } from '#core/job-status.ts';

export const jobStatusSchema = z
  .enum(JOB_STATUSES)
  .meta({ id: 'JobStatus', description: 'Completed, Failed, Cancelled and Expired are final.' });

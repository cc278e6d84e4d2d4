import { bulkJobs } from '../bulk-jobs.ts';
import type { OperationHandler } from '../request.ts';

export const resumeJobs: OperationHandler<'resumeJobs'> = (request, tools) =>
  bulkJobs('resume', request, tools);

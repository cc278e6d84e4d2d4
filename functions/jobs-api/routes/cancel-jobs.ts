import { bulkJobs } from '../bulk-jobs.ts';
import type { OperationHandler } from '../request.ts';

export const cancelJobs: OperationHandler<'cancelJobs'> = (request, tools) =>
  bulkJobs('cancel', request, tools);

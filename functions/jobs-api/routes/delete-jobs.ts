import { bulkJobs } from '../bulk-jobs.ts';
import type { OperationHandler } from '../request.ts';

export const deleteJobs: OperationHandler<'deleteJobs'> = (request, tools) =>
  bulkJobs('delete', request, tools);

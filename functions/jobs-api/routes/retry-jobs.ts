import { bulkJobs } from '../bulk-jobs.ts';
import type { OperationHandler } from '../request.ts';

export const retryJobs: OperationHandler<'retryJobs'> = (request, tools) => bulkJobs('retry', request, tools);

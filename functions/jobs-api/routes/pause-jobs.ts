import { bulkJobs } from '../bulk-jobs.ts';
import type { OperationHandler } from '../request.ts';

export const pauseJobs: OperationHandler<'pauseJobs'> = (request, tools) => bulkJobs('pause', request, tools);

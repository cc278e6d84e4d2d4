import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const listPartitionJobTypes: OperationHandler<'listPartitionJobTypes'> = (request, tools) =>
  jobTypes.list(request, tools);

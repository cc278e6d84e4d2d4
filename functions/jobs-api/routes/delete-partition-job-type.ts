import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const deletePartitionJobType: OperationHandler<'deletePartitionJobType'> = (request, tools) =>
  jobTypes.delete(request, tools);

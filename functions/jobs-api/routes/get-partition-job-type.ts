import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const getPartitionJobType: OperationHandler<'getPartitionJobType'> = (request, tools) =>
  jobTypes.get(request, tools);

import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const deleteJobType: OperationHandler<'deleteJobType'> = (request, tools) =>
  jobTypes.delete(request, tools);

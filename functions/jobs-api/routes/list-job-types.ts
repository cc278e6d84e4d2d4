import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const listJobTypes: OperationHandler<'listJobTypes'> = (request, tools) =>
  jobTypes.list(request, tools);

import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const getJobType: OperationHandler<'getJobType'> = (request, tools) => jobTypes.get(request, tools);

import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const listJobTypeVersions: OperationHandler<'listJobTypeVersions'> = (request, tools) =>
  jobTypes.versions(request, tools);

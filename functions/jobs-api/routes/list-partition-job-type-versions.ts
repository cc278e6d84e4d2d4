import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const listPartitionJobTypeVersions: OperationHandler<'listPartitionJobTypeVersions'> = (
  request,
  tools,
) => jobTypes.versions(request, tools);

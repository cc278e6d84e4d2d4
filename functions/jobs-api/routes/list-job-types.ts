import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const listJobTypes: OperationHandler<'listJobTypes'> = async (_request, tools) => ({
  status: 200,
  body: (await jobTypes.all(tools)).map(({ name, version, description, deployed }) => ({
    name,
    version,
    description,
    deployed,
  })),
});

import { create, createdResponse, jobExists, jobPath } from '../../creation/create.ts';
import type { OperationHandler } from '../request.ts';

export const putJob: OperationHandler<'putJob'> = async (request, tools) => {
  const { p: partition, j } = request.parameters;
  const { outcome, job } = await create({ partition, job: j }, request, tools);
  switch (outcome) {
    case 'created':
      return createdResponse(job, request.reference(jobPath(job)), tools);
    case 'same':
      return { status: 204 };
    case 'exists':
      throw jobExists(job);
  }
};

import { createdResponse, jobExists, jobPath, requestHash } from '../../creation/create.ts';
import { createUnderKey } from '../../creation/idempotency.ts';
import type { OperationHandler } from '../request.ts';

export const createJob: OperationHandler<'createJob'> = async (request, tools) => {
  const { outcome, job } = await createUnderKey(
    {
      partition: request.parameters.p,
      key: request.header('Idempotency-Key'),
      requestHash: requestHash(request),
      creation: () => request,
    },
    tools,
  );
  if (outcome === 'exists') throw jobExists(job);
  return createdResponse(job, request.reference(jobPath(job)), tools);
};

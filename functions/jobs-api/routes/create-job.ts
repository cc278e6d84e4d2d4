import { create, createdResponse, jobExists, jobPath, requestHash } from '../../creation/create.ts';
import { newId } from '../../creation/new-id.ts';
import type { OperationHandler } from '../request.ts';

export const createJob: OperationHandler<'createJob'> = async (request, tools) => {
  const { p: partition } = request.parameters;
  const key = request.header('Idempotency-Key');
  const id = await newId({ partition, key, requestHash: requestHash(request) }, tools);
  const { outcome, job } = await create({ partition, job: id }, request, tools);
  if (outcome === 'exists') throw jobExists(job);
  return createdResponse(job, request.reference(jobPath(job)), tools);
};

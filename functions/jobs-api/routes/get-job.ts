import { isKnown, jobEtag } from '../etag.ts';
import { existingJobWithProgress, shownJob } from '../existing-job.ts';
import type { OperationHandler } from '../request.ts';

export const getJob: OperationHandler<'getJob'> = async (request, tools) => {
  const { job, progress } = await existingJobWithProgress(request.parameters, tools);
  const etag = jobEtag(job, progress);
  if (isKnown(request.header('If-None-Match'), etag)) return { status: 304, headers: { ETag: etag } };
  return shownJob(job, progress, tools);
};

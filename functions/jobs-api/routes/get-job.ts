import { jobView, MAX_VIEW_FAILURES } from '#contract/job-view.ts';
import { listFailures } from '../../store/failures.ts';
import { isKnown, jobEtag } from '../etag.ts';
import { existingJobWithProgress } from '../existing-job.ts';
import type { OperationHandler } from '../request.ts';

export const getJob: OperationHandler<'getJob'> = async (request, tools) => {
  const { job, progress } = await existingJobWithProgress(request.parameters, tools);
  const etag = jobEtag(job, progress);
  if (isKnown(request.header('If-None-Match'), etag)) return { status: 304, headers: { ETag: etag } };
  const { failures } = await listFailures(tools.table, job, { limit: MAX_VIEW_FAILURES });
  const view = jobView({ job, progress, now: tools.clock.now(), failures });
  return { status: 200, body: view, headers: { ETag: etag } };
};

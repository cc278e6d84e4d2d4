import { type JobView, jobView } from '#contract/job-view.ts';
import { refusal } from '#contract/problem.ts';
import type { Job, JobKey } from '#core/job.ts';
import { progressOfRow } from '../store/progress.ts';
import { jobEtag } from './etag.ts';
import type { ApiPorts, ApiResponse } from './request.ts';

/** Returns the 201 response for a new job. */
export function createdResponse(job: Job, location: string, { clock }: ApiPorts): ApiResponse<JobView> {
  const progress = progressOfRow(undefined);
  return {
    status: 201,
    body: jobView({ job, progress, now: clock.now() }),
    headers: { Location: location, ETag: jobEtag(job, progress) },
  };
}

export function jobPath({ partition, job }: JobKey): string {
  return `/partitions/${encodeURIComponent(partition)}/jobs/${encodeURIComponent(job)}`;
}

export function jobExists(job: Job) {
  return refusal(
    'job-exists',
    `job '${job.job}' already exists with another body (status ${job.status}); choose another id or delete that job first`,
  );
}

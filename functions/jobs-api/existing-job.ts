import { type JobView, jobView, MAX_VIEW_FAILURES } from '#contract/job-view.ts';
import type { Job } from '#core/job.ts';
import { listFailures } from '../store/failures.ts';
import { readJob, readJobWithProgress } from '../store/jobs.ts';
import type { StoredProgress } from '../store/progress.ts';
import { jobEtag } from './etag.ts';
import { noSuchJob } from './missing.ts';
import type { ApiResponse, ApiTools } from './request.ts';

/** The path parameters of every route below a job. */
export interface JobParameters {
  readonly p: string;
  readonly j: string;
}

/** The job that the path names, or 404. */
export async function existingJob({ p, j }: JobParameters, { table }: ApiTools): Promise<Job> {
  const key = { partition: p, job: j };
  const job = await readJob(table, key);
  if (job === undefined) throw noSuchJob(key);
  return job;
}

export async function existingJobWithProgress(
  { p, j }: JobParameters,
  { table }: ApiTools,
): Promise<{ job: Job; progress: StoredProgress }> {
  const key = { partition: p, job: j };
  const found = await readJobWithProgress(table, key);
  if (found === undefined) throw noSuchJob(key);
  return found;
}

/** The answer that shows one job: its view with the first failures, and its ETag. */
export async function shownJob(
  job: Job,
  progress: StoredProgress,
  tools: ApiTools,
): Promise<ApiResponse<JobView>> {
  const { failures } = await listFailures(tools.table, job, { limit: MAX_VIEW_FAILURES });
  const view = jobView({ job, progress, now: tools.clock.now(), failures });
  return { status: 200, body: view, headers: { ETag: jobEtag(job, progress) } };
}

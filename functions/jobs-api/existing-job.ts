import type { Job } from '#core/job.ts';
import { readJob, readJobWithProgress } from '../store/jobs.ts';
import type { StoredProgress } from '../store/progress.ts';
import { noSuchJob } from './missing.ts';
import type { ApiTools } from './request.ts';

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

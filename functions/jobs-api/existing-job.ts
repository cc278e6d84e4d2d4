import { type JobView, jobView, MAX_VIEW_DEPENDENTS, MAX_VIEW_FAILURES } from '#contract/job-view.ts';
import type { Job, JobKey } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { listDependents } from '../store/dependents.ts';
import { listFailures } from '../store/failures.ts';
import { readJob, readJobWithProgress } from '../store/jobs.ts';
import type { StoredProgress } from '../store/progress.ts';
import { attentionOf } from './attention.ts';
import { jobEtag } from './etag.ts';
import { noSuchJob } from './missing.ts';
import type { ApiPorts, ApiResponse } from './request.ts';

/** Path parameters of every route of a job. */
export interface JobParameters {
  readonly p: string;
  readonly j: string;
}

/** Returns the job that the path names; throws 404 if there is none. */
export async function existingJob({ p, j }: JobParameters, { table }: ApiPorts): Promise<Job> {
  const key = { partition: p, job: j };
  const job = await readJob(table, key);
  if (job === undefined) throw noSuchJob(key);
  return job;
}

export async function existingJobWithProgress(
  { p, j }: JobParameters,
  { table }: ApiPorts,
): Promise<{ job: Job; progress: StoredProgress }> {
  const key = { partition: p, job: j };
  const found = await readJobWithProgress(table, key);
  if (found === undefined) throw noSuchJob(key);
  return found;
}

/** Returns the response with the view of a job, its first failures and its ETag. */
export async function jobResponse(
  job: Job,
  progress: StoredProgress,
  ports: ApiPorts,
): Promise<ApiResponse<JobView>> {
  const { table, clock } = ports;
  const [{ failures }, dependents, attention] = await Promise.all([
    listFailures(table, job, { limit: MAX_VIEW_FAILURES }),
    dependentIds(table, job),
    attentionOf(job, progress, ports),
  ]);
  const view = jobView({
    job,
    progress,
    now: clock.now(),
    failures,
    dependents,
    attention,
    hasSlowest: true,
  });
  return { status: 200, body: view, headers: { ETag: jobEtag(job, progress) } };
}

/** Returns the ids of the jobs that wait or waited for the job, as its view lists them. */
async function dependentIds(table: Table, job: JobKey): Promise<string[]> {
  const { dependents } = await listDependents(table, job, { limit: MAX_VIEW_DEPENDENTS });
  return [...new Set(dependents.map((dependent) => dependent.job))];
}

/** Answers of operations as the CAF contract has them; what is not named here is the same in both. */
import { cafJob, cafStatus } from '#contract/caf-job.ts';
import type { JobView } from '#contract/job-view.ts';
import type { Operation } from '#contract/routes.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { ApiResponse } from './request.ts';
import { STATUS_SECONDS } from './status-caching.ts';

const bodyViews: { readonly [O in Operation]?: (body: unknown) => unknown } = {
  // There, whoever creates a job is told only that it was created.
  putJob: () => undefined,
  getJob: (body) => cafJob(body as JobView),
  listJobs: (body) => (body as readonly JobView[]).map(cafJob),
  getJobStatus: (body) => cafStatus(body as JobStatus),
  getHealth: () => ({ success: true }),
};

const STATUS_ANSWERS: readonly Operation[] = ['getJobStatus', 'isJobActive'];

export function cafView(operation: Operation, response: ApiResponse): ApiResponse {
  const { body, headers } = response;
  const show = bodyViews[operation];
  return {
    ...response,
    body: body === undefined || show === undefined ? body : show(body),
    headers: STATUS_ANSWERS.includes(operation)
      ? { ...headers, 'Cache-Control': `max-age=${STATUS_SECONDS}` }
      : { ...headers },
  };
}

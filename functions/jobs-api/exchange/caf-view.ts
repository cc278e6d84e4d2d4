/** Bodies and answers as the CAF contract has them; what is not named here is the same in both. */
import { BULK_COUNTS, type BulkVerb } from '#contract/bulk-view.ts';
import { cafJob, cafStatus } from '#contract/caf-job.ts';
import type { JobView } from '#contract/job-view.ts';
import type { Operation } from '#contract/routes.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { ApiResponse } from '../request.ts';
import { STATUS_SECONDS } from '../status-caching.ts';

/** Some clients send null for what they leave out. Only the outer targetPipe may be null. */
export function cafBody(body: unknown): unknown {
  if (!isObject(body)) return body;
  const kept = withoutNulls(body);
  return isObject(kept['task']) ? { ...kept, task: withoutNulls(kept['task'], 'targetPipe') } : kept;
}

function withoutNulls(members: Record<string, unknown>, except?: string): Record<string, unknown> {
  const kept = Object.entries(members).filter(([name, member]) => member !== null || name === except);
  return Object.fromEntries(kept);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const bodyViews: { readonly [O in Operation]?: (body: unknown) => unknown } = {
  // There, whoever creates a job is told only that it was created.
  putJob: () => undefined,
  getJob: (body) => cafJob(body as JobView),
  listJobs: (body) => (body as readonly JobView[]).map(cafJob),
  getJobStatus: (body) => cafStatus(body as JobStatus),
  cancelJobs: countOf('cancel'),
  deleteJobs: countOf('delete'),
  getHealth: () => ({ success: true }),
};

function countOf(verb: BulkVerb): (body: unknown) => unknown {
  const count = BULK_COUNTS[verb];
  return (body) => ({ [count]: (body as Readonly<Record<string, unknown>>)[count] });
}

const STATUS_ANSWERS: readonly Operation[] = ['getJobStatus', 'isJobActive'];

/** Clients there know no action that goes on in the background, nor where it could be looked at. */
const GOES_ON = 202;

export function cafView(operation: Operation, response: ApiResponse): ApiResponse {
  const { status, body, headers } = response;
  const show = bodyViews[operation];
  const shown = { ...response, body: body === undefined || show === undefined ? body : show(body) };
  if (status === GOES_ON) return { ...shown, status: 200, headers: {} };
  if (!STATUS_ANSWERS.includes(operation)) return shown;
  return { ...shown, headers: { ...headers, 'Cache-Control': `max-age=${STATUS_SECONDS}` } };
}

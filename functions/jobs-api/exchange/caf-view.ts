/** Bodies and responses of the CAF contract. Operations not listed here have the same form in both APIs. */
import { BULK_COUNTS, type BulkVerb } from '#contract/bulk-view.ts';
import { cafJob, cafStatus } from '#contract/caf-job.ts';
import type { JobView } from '#contract/job-view.ts';
import type { Operation } from '#contract/routes.ts';
import type { JobStatus } from '#core/job-status.ts';
import type { ApiResponse } from '../request.ts';
import { STATUS_SECONDS } from '../status-caching.ts';

/** Removes members that are null, because some clients send null for absent members. Only the outer targetPipe may be null. */
export function cafBody(body: unknown): unknown {
  if (!isObject(body)) return body;
  const members = withoutNulls(body);
  return isObject(members['task'])
    ? { ...members, task: withoutNulls(members['task'], 'targetPipe') }
    : members;
}

function withoutNulls(members: Record<string, unknown>, except?: string): Record<string, unknown> {
  const presentMembers = Object.entries(members).filter(
    ([name, member]) => member !== null || name === except,
  );
  return Object.fromEntries(presentMembers);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const bodyViews: { readonly [O in Operation]?: (body: unknown) => unknown } = {
  // In CAF, the response to the creation of a job has no body.
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

const STATUS_OPERATIONS: readonly Operation[] = ['getJobStatus', 'isJobActive'];

/** CAF has no background actions and no URL to observe them, so this status becomes 200. */
const ACCEPTED = 202;

export function cafView(operation: Operation, response: ApiResponse): ApiResponse {
  const { status, body, headers } = response;
  const viewBody = bodyViews[operation];
  const shown = { ...response, body: body === undefined || viewBody === undefined ? body : viewBody(body) };
  if (status === ACCEPTED) return { ...shown, status: 200, headers: {} };
  if (!STATUS_OPERATIONS.includes(operation)) return shown;
  return { ...shown, headers: { ...headers, 'Cache-Control': `max-age=${STATUS_SECONDS}` } };
}

/**
 * The routes of the CAF Job Service contract: rows of the route table once more, under /caf, whose answers are shown
 * as CAF clients know them. A route is one row here; what its answer looks like says `functions/jobs-api/caf-view.ts`.
 */
import * as z from 'zod';
import { createJobBody } from './create-job.ts';
import { listJobsQuery } from './queries.ts';
import { type Operation, ROUTES, type Route } from './routes.ts';

/** Some clients send null for what they leave out, in the body and in its task. */
function withoutNulls(body: unknown): unknown {
  const kept = membersOf(body);
  const task = membersOf(kept?.['task']);
  return task === undefined ? (kept ?? body) : { ...kept, task };
}

function membersOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** There, a limit that is not positive is none. */
const cafListQuery = listJobsQuery.extend({
  limit: z.preprocess(
    (sent) => (typeof sent === 'string' && /^(-\d{1,10}|0)$/.test(sent) ? undefined : sent),
    listJobsQuery.shape.limit,
  ),
});

export const CAF_ROUTES: readonly Route[] = [
  caf('putJob', { body: z.preprocess(withoutNulls, createJobBody) }),
  caf('getJob'),
  caf('listJobs', { query: cafListQuery }),
  caf('deleteJob'),
  caf('getJobStatus'),
  caf('isJobActive'),
  caf('cancelJob'),
  caf('pauseJob'),
  caf('resumeJob'),
  caf('getHealth', { path: '/caf/ping', role: 'viewer', summary: 'Whether the API answers' }),
];

/** Every route of the API. Those of `ROUTES` have resources of their own in the gateway. */
export const ALL_ROUTES: readonly Route[] = [...ROUTES, ...CAF_ROUTES];

function caf(operation: Operation, other: Partial<Route> = {}): Route {
  const route = (ROUTES as readonly Route[]).find((candidate) => candidate.operation === operation);
  if (route === undefined) throw new Error(`the route table has no operation ${operation}`);
  return { ...route, path: `/caf${route.path}`, view: 'caf', ...other };
}

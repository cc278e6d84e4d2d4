/**
 * The routes of the CAF Job Service contract: rows of the route table once more, under /caf, whose answers are shown
 * as CAF clients know them. A route is one row here; what its answer looks like says `functions/jobs-api/caf-view.ts`.
 */
import * as z from 'zod';
import { listJobsQuery } from './queries.ts';
import { type Operation, ROUTES, type Route } from './routes.ts';

/** There, a limit that is not positive is none. */
const cafListQuery = listJobsQuery.safeExtend({
  limit: z
    .string()
    .optional()
    .transform((sent) => (sent !== undefined && /^(-\d{1,10}|0+)$/.test(sent) ? undefined : sent))
    .pipe(listJobsQuery.shape.limit),
});

export const CAF_ROUTES: readonly Route[] = [
  caf('putJob'),
  caf('getJob'),
  caf('listJobs', { query: cafListQuery }),
  caf('deleteJob'),
  caf('getJobStatus'),
  caf('isJobActive'),
  caf('cancelJob'),
  caf('pauseJob'),
  caf('resumeJob'),
  caf('cancelJobs'),
  caf('deleteJobs'),
  caf('countJobs'),
  caf('getHealth', { path: '/caf/ping', role: 'viewer', summary: 'Whether the API answers' }),
];

/** Every route of the API. Those of `ROUTES` have resources of their own in the gateway. */
export const ALL_ROUTES: readonly Route[] = [...ROUTES, ...CAF_ROUTES];

function caf(operation: Operation, other: Partial<Route> = {}): Route {
  const route = (ROUTES as readonly Route[]).find((candidate) => candidate.operation === operation);
  if (route === undefined) throw new Error(`the route table has no operation ${operation}`);
  // Nothing is said there of what goes on in the background.
  const { mayGoOn: _mayGoOn, ...shown } = route;
  return { ...shown, path: `/caf${route.path}`, view: 'caf', ...other };
}

/**
 * The routes of the CAF Job Service contract: rows of the route table repeated under /caf, with responses as
 * CAF clients expect them. A route is one row here; `functions/jobs-api/exchange/caf-view.ts` converts its
 * response.
 */
import * as z from 'zod';
import { withCountName } from './bulk-view.ts';
import { cafJobSchema, cafStatusSchema } from './caf-job.ts';
import { cafHealthSchema } from './health-view.ts';
import { count } from './quantities.ts';
import { DEFAULT_PAGE_SIZE, listJobsQuery, MAX_PAGE_SIZE } from './queries.ts';
import type { Route } from './route.ts';
import { type Operation, ROUTES } from './routes.ts';

/** In the CAF contract, a limit that is not positive means no limit. */
const cafListQuery = listJobsQuery.safeExtend({
  limit: z
    .string()
    .regex(/^-?\d{1,10}$/, `must be a whole number up to ${MAX_PAGE_SIZE}`)
    .default(String(DEFAULT_PAGE_SIZE))
    .transform(Number)
    .pipe(
      z
        .int()
        .min(-9_999_999_999)
        .max(MAX_PAGE_SIZE, `must be a whole number up to ${MAX_PAGE_SIZE}`)
        .overwrite((limit) => (limit > 0 ? limit : DEFAULT_PAGE_SIZE)),
    )
    .describe(`Maximum number of entries in a page; 0 or less means ${DEFAULT_PAGE_SIZE}.`),
});

const CAF_ROUTES: readonly Route[] = [
  // The CAF contract returns no body for a created job.
  caf('putJob', { response: undefined }),
  caf('getJob', { response: cafJobSchema }),
  caf('listJobs', { query: cafListQuery, response: z.array(cafJobSchema) }),
  caf('deleteJob'),
  caf('getJobStatus', { response: cafStatusSchema }),
  caf('isJobActive'),
  caf('cancelJob'),
  caf('pauseJob'),
  caf('resumeJob'),
  // The CAF contract has no member for work that continues in the background.
  caf('cancelJobs', { response: z.strictObject(withCountName('cancel', count)), also: {} }),
  caf('deleteJobs', { response: z.strictObject(withCountName('delete', count)), also: {} }),
  caf('countJobs'),
  caf('getHealth', {
    path: '/caf/ping',
    role: 'viewer',
    weight: 0,
    summary: 'Check that the API is available',
    response: cafHealthSchema,
  }),
];

/** Every route of the API. Only those of `ROUTES` have their own resources in API Gateway. */
export const ALL_ROUTES: readonly Route[] = [...ROUTES, ...CAF_ROUTES];

function caf(operation: Operation, other: Partial<Route> = {}): Route {
  const route = (ROUTES as readonly Route[]).find((candidate) => candidate.operation === operation);
  if (route === undefined) throw new Error(`the route table has no operation ${operation}`);
  return { ...route, path: `/caf${route.path}`, view: 'caf', ...other };
}

/** The part of the route table that is about all jobs which match: bulk actions and counts. */
import * as z from 'zod';
import { bulkJobsQuery, countJobsQuery } from './queries.ts';
import type { Route } from './routes.ts';

const JOBS = '/partitions/{p}/jobs';

const noBody = z.strictObject({}).optional();

export const MANY_JOBS_ROUTES = [
  {
    operation: 'cancelJobs',
    method: 'POST',
    path: `${JOBS}:cancel`,
    role: 'operator',
    summary: 'Cancel every job that matches and is not final; without criteria, of the whole partition',
    success: 200,
    mayGoOn: true,
    query: bulkJobsQuery,
    body: noBody,
  },
  {
    operation: 'deleteJobs',
    method: 'POST',
    path: `${JOBS}:delete`,
    role: 'operator',
    summary: 'Delete every job that matches; without criteria, of the whole partition',
    success: 200,
    mayGoOn: true,
    query: bulkJobsQuery,
    body: noBody,
  },
  {
    operation: 'pauseJobs',
    method: 'POST',
    path: `${JOBS}:pause`,
    role: 'operator',
    summary: 'Pause every job that matches and can be paused; without criteria, of the whole partition',
    success: 200,
    mayGoOn: true,
    query: bulkJobsQuery,
    body: noBody,
  },
  {
    operation: 'resumeJobs',
    method: 'POST',
    path: `${JOBS}:resume`,
    role: 'operator',
    summary: 'Resume every job that matches and is paused; without criteria, of the whole partition',
    success: 200,
    mayGoOn: true,
    query: bulkJobsQuery,
    body: noBody,
  },
  {
    operation: 'retryJobs',
    method: 'POST',
    path: `${JOBS}:retry`,
    role: 'operator',
    summary:
      'Retry all failed items of every job that matches and can be retried; without criteria, of the whole partition',
    success: 200,
    mayGoOn: true,
    query: bulkJobsQuery,
    body: noBody,
  },
  {
    operation: 'getBulkOperation',
    method: 'GET',
    path: '/partitions/{p}/bulkOperations/{b}',
    role: 'viewer',
    summary: 'Read how far a bulk action came that goes on in the background',
    success: 200,
  },
  {
    operation: 'countJobs',
    method: 'GET',
    path: '/partitions/{p}/jobStats/count',
    role: 'viewer',
    summary: 'Count the jobs of a partition, as a JSON number',
    success: 200,
    query: countJobsQuery,
  },
  {
    operation: 'getJobStats',
    method: 'GET',
    path: '/partitions/{p}/jobStats',
    role: 'viewer',
    summary: 'Count the jobs of a partition by status, with their rate and the oldest that waits',
    success: 200,
    query: countJobsQuery,
  },
] as const satisfies readonly Route[];

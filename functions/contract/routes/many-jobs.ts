/** Routes for all jobs that match: bulk actions and counts. */
import { activitySchema } from '../activity-view.ts';
import { type BulkVerb, bulkContinuesSchema, bulkDoneSchema, bulkOperationSchema } from '../bulk-view.ts';
import { jobStatsSchema } from '../job-stats-view.ts';
import { count } from '../quantities.ts';
import { activityQuery, bulkJobsQuery, countJobsQuery } from '../queries.ts';
import { JOBS, noBody, type Route } from '../route.ts';

function bulkAnswers<V extends BulkVerb>(verb: V) {
  const when = 'The rest continues in the background';
  return {
    response: bulkDoneSchema(verb),
    also: { 202: { when, response: bulkContinuesSchema(verb), headers: ['Location'] } },
  } as const;
}

export const MANY_JOBS_ROUTES = [
  {
    operation: 'cancelJobs',
    method: 'POST',
    path: `${JOBS}:cancel`,
    role: 'operator',
    summary: 'Cancel every job that matches and is not final; without criteria, all of the partition',
    weight: 10,
    success: 200,
    query: bulkJobsQuery,
    body: noBody,
    ...bulkAnswers('cancel'),
    problems: [422],
  },
  {
    operation: 'deleteJobs',
    method: 'POST',
    path: `${JOBS}:delete`,
    role: 'operator',
    summary: 'Delete every job that matches; without criteria, all of the partition',
    weight: 10,
    success: 200,
    query: bulkJobsQuery,
    body: noBody,
    ...bulkAnswers('delete'),
    problems: [422],
  },
  {
    operation: 'pauseJobs',
    method: 'POST',
    path: `${JOBS}:pause`,
    role: 'operator',
    summary: 'Pause every job that matches and can be paused; without criteria, all of the partition',
    weight: 10,
    success: 200,
    query: bulkJobsQuery,
    body: noBody,
    ...bulkAnswers('pause'),
    problems: [422],
  },
  {
    operation: 'resumeJobs',
    method: 'POST',
    path: `${JOBS}:resume`,
    role: 'operator',
    summary: 'Resume every job that matches and is paused; without criteria, all of the partition',
    weight: 10,
    success: 200,
    query: bulkJobsQuery,
    body: noBody,
    ...bulkAnswers('resume'),
    problems: [422],
  },
  {
    operation: 'retryJobs',
    method: 'POST',
    path: `${JOBS}:retry`,
    role: 'operator',
    summary:
      'Retry all failed items of every job that matches and can be retried; without criteria, all of the partition',
    weight: 10,
    success: 200,
    query: bulkJobsQuery,
    body: noBody,
    ...bulkAnswers('retry'),
    problems: [422],
  },
  {
    operation: 'getBulkOperation',
    method: 'GET',
    path: '/partitions/{p}/bulkOperations/{b}',
    role: 'viewer',
    summary: 'Get the progress of a bulk action that continues in the background',
    success: 200,
    response: bulkOperationSchema,
  },
  {
    operation: 'countJobs',
    method: 'GET',
    path: '/partitions/{p}/jobStats/count',
    role: 'viewer',
    summary: 'Count the jobs of a partition, as a JSON number',
    weight: 10,
    success: 200,
    query: countJobsQuery,
    response: count,
    problems: [422],
  },
  {
    operation: 'getJobStats',
    method: 'GET',
    path: '/partitions/{p}/jobStats',
    role: 'viewer',
    summary: 'Count the jobs of a partition by status, with their rate and the oldest waiting job',
    weight: 10,
    success: 200,
    query: countJobsQuery,
    response: jobStatsSchema,
    problems: [422],
  },
  {
    operation: 'getActivity',
    method: 'GET',
    path: '/partitions/{p}/jobStats/activity',
    role: 'viewer',
    summary: 'Get the recent work of a partition: items, failures by cause and cost, from its newest jobs',
    weight: 10,
    success: 200,
    query: activityQuery,
    response: activitySchema,
  },
] as const satisfies readonly Route[];

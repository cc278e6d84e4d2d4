/** Job types and their versions. */
import { jobTypeBody } from '../job-types.ts';
import { pageQuery } from '../queries.ts';
import type { Route } from '../route.ts';

const JOB_TYPE = '/job-types/{name}';

export const JOB_TYPE_ROUTES = [
  {
    operation: 'listJobTypes',
    method: 'GET',
    path: '/job-types',
    role: 'viewer',
    summary: 'List the job types, those that were deployed and those that were put',
    success: 200,
  },
  {
    operation: 'getJobType',
    method: 'GET',
    path: JOB_TYPE,
    role: 'viewer',
    summary: 'Read a job type',
    success: 200,
  },
  {
    operation: 'putJobType',
    method: 'PUT',
    path: JOB_TYPE,
    role: 'admin',
    summary:
      'Create a job type (201) or change it, which makes a new version; the same again changes nothing',
    success: 200,
    body: jobTypeBody,
  },
  {
    operation: 'deleteJobType',
    method: 'DELETE',
    path: JOB_TYPE,
    role: 'admin',
    summary: 'Delete a job type; jobs that were created by it and its versions stay',
    success: 204,
  },
  {
    operation: 'listJobTypeVersions',
    method: 'GET',
    path: `${JOB_TYPE}/versions`,
    role: 'viewer',
    summary: 'List the versions of a job type, newest first',
    success: 200,
    query: pageQuery,
  },
] as const satisfies readonly Route[];

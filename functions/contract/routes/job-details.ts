/** What there is to read below a job. */
import { listFailuresQuery, listItemsQuery, pageQuery } from '../queries.ts';
import { JOB, type Route } from '../route.ts';

export const JOB_DETAIL_ROUTES = [
  {
    operation: 'listItems',
    method: 'GET',
    path: `${JOB}/items`,
    role: 'viewer',
    summary: 'List the outcomes of items; as lines with Accept: application/x-ndjson',
    success: 200,
    query: listItemsQuery,
  },
  {
    operation: 'listFailures',
    method: 'GET',
    path: `${JOB}/failures`,
    role: 'viewer',
    summary: 'List failures of items and of the job, or groups of them',
    success: 200,
    query: listFailuresQuery,
  },
  {
    operation: 'listHistory',
    method: 'GET',
    path: `${JOB}/history`,
    role: 'viewer',
    summary: 'List what happened to a job, by whom and why, oldest first',
    success: 200,
    query: pageQuery,
  },
  {
    operation: 'getResult',
    method: 'GET',
    path: `${JOB}/result`,
    role: 'viewer',
    summary: 'List the files that the job made, with download links of 15 minutes',
    success: 200,
    query: pageQuery,
  },
  {
    operation: 'getRequest',
    method: 'GET',
    path: `${JOB}/request`,
    role: 'viewer',
    summary: 'Read the body that the job was created with',
    success: 200,
  },
  {
    operation: 'getCost',
    method: 'GET',
    path: `${JOB}/cost`,
    role: 'viewer',
    summary: 'Read the counted operations of a job and what they cost',
    success: 200,
  },
] as const satisfies readonly Route[];

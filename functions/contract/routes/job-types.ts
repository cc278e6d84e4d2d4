/** Job types and their versions: global ones, and those of a partition. */
import * as z from 'zod';
import { jobTypeBody, jobTypeSchema, jobTypeSummarySchema } from '../job-type.ts';
import { pageQuery } from '../queries.ts';
import type { Route } from '../route.ts';
import { CONDITIONAL_DELETE, conditionalGet, conditionalPut } from './conditional.ts';

const JOB_TYPE = '/job-types/{name}';
const OWN_JOB_TYPE = `/partitions/{p}${JOB_TYPE}` as const;

export const JOB_TYPE_ROUTES = [
  {
    operation: 'listJobTypes',
    method: 'GET',
    path: '/job-types',
    role: 'viewer',
    summary: 'List the global job types, those of the deployment included',
    success: 200,
    response: z.array(jobTypeSummarySchema),
  },
  {
    operation: 'getJobType',
    method: 'GET',
    path: JOB_TYPE,
    role: 'viewer',
    summary: 'Get a global job type',
    ...conditionalGet(jobTypeSchema),
  },
  {
    operation: 'putJobType',
    method: 'PUT',
    path: JOB_TYPE,
    role: 'admin',
    forAllPartitions: true,
    summary:
      'Create or update a global job type. An update creates a new version; an identical body changes nothing',
    ...conditionalPut(jobTypeBody, jobTypeSchema),
  },
  {
    operation: 'deleteJobType',
    method: 'DELETE',
    path: JOB_TYPE,
    role: 'admin',
    forAllPartitions: true,
    summary: 'Delete a global job type. Its versions and the jobs that used it are kept',
    ...CONDITIONAL_DELETE,
  },
  {
    operation: 'listJobTypeVersions',
    method: 'GET',
    path: `${JOB_TYPE}/versions`,
    role: 'viewer',
    summary: 'List the versions of a global job type, newest first',
    success: 200,
    query: pageQuery,
    response: z.array(jobTypeSchema),
    headers: ['Link'],
  },
  {
    operation: 'listPartitionJobTypes',
    method: 'GET',
    path: '/partitions/{p}/job-types',
    role: 'viewer',
    summary:
      'List the job types available to jobs of the partition: its own, and global ones that it does not override',
    success: 200,
    response: z.array(jobTypeSummarySchema),
  },
  {
    operation: 'getPartitionJobType',
    method: 'GET',
    path: OWN_JOB_TYPE,
    role: 'viewer',
    summary: "Get the job type that jobs of the partition use: the partition's own, or else the global one",
    ...conditionalGet(jobTypeSchema),
  },
  {
    operation: 'putPartitionJobType',
    method: 'PUT',
    path: OWN_JOB_TYPE,
    role: 'admin',
    summary:
      'Create or update a job type of the partition. An update creates a new version; an identical body changes nothing',
    ...conditionalPut(jobTypeBody, jobTypeSchema),
  },
  {
    operation: 'deletePartitionJobType',
    method: 'DELETE',
    path: OWN_JOB_TYPE,
    role: 'admin',
    summary:
      'Delete a job type of the partition, so that a global one of that name applies. Its versions and the jobs that used it are kept',
    ...CONDITIONAL_DELETE,
  },
  {
    operation: 'listPartitionJobTypeVersions',
    method: 'GET',
    path: `${OWN_JOB_TYPE}/versions`,
    role: 'viewer',
    summary:
      "List the versions of the partition's own job type, newest first, or of the global one if it never had its own",
    success: 200,
    query: pageQuery,
    response: z.array(jobTypeSchema),
    headers: ['Link'],
  },
] as const satisfies readonly Route[];

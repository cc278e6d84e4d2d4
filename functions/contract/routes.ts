/**
 * Every route of the API, once: the handler dispatches and validates by it, the stack makes its resources of it, and
 * the OpenAPI document is generated from it. `caf-routes.ts` adds those of the CAF contract.
 */
import * as z from 'zod';
import type { Claims, Role } from './claims.ts';
import { createJobBody } from './create-job.ts';
import { editJobBody } from './edit-job.ts';
import { jobTypeBody } from './job-types.ts';
import { MANY_JOBS_ROUTES } from './many-jobs-routes.ts';
import { listFailuresQuery, listItemsQuery, listJobsQuery, pageQuery } from './queries.ts';
import { resubmitJobBody } from './resubmit-job.ts';
import { retryJobBody } from './retry-job.ts';
import { createUploadBody } from './uploads.ts';

export const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

export interface Route {
  /** Names the handler: `functions/jobs-api/routes/<operation in kebab case>.ts`. */
  readonly operation: string;
  readonly method: Method;
  /** `{p}` is a partition, `{j}` a job, `{b}` a bulk operation, `{name}` a job type. */
  readonly path: `/${string}`;
  /** The least role of a token; `open` needs no token. */
  readonly role: Role | 'open';
  readonly summary: string;
  /** The status of success. */
  readonly success: 200 | 201 | 202 | 204;
  /** 202, too: where the rest goes on in the background. */
  readonly mayGoOn?: true;
  /** Absent: no query parameter is allowed. */
  readonly query?: z.ZodObject;
  /** Absent: a body is not read. */
  readonly body?: z.ZodType;
  /** What a body may be called; whatever it is called, it is read as JSON. */
  readonly bodyTypes?: readonly string[];
  /** In whose words the answer is; absent: in ours. */
  readonly view?: 'caf';
}

/** Actions take no body; an empty one and `{}` are fine. */
const noBody = z.strictObject({}).optional();

const JOBS = '/partitions/{p}/jobs';
const JOB = `${JOBS}/{j}` as const;
const JOB_TYPE = '/job-types/{name}';

export const ROUTES = [
  {
    operation: 'putJob',
    method: 'PUT',
    path: JOB,
    role: 'operator',
    summary: 'Create a job under an id of yours; the same body again changes nothing and answers 204',
    success: 201,
    body: createJobBody,
  },
  {
    operation: 'createJob',
    method: 'POST',
    path: JOBS,
    role: 'operator',
    summary: 'Create a job under a new, sortable id; safe to repeat with an Idempotency-Key',
    success: 201,
    body: createJobBody,
  },
  {
    operation: 'getJob',
    method: 'GET',
    path: JOB,
    role: 'viewer',
    summary: 'Read a job with its progress and first failures',
    success: 200,
  },
  {
    operation: 'editJob',
    method: 'PATCH',
    path: JOB,
    role: 'operator',
    summary: 'Edit a job by a JSON merge patch: null takes a member away, labels are merged',
    success: 200,
    body: editJobBody,
    bodyTypes: ['application/merge-patch+json', 'application/json'],
  },
  {
    operation: 'listJobs',
    method: 'GET',
    path: JOBS,
    role: 'viewer',
    summary: 'List the jobs of a partition, newest first',
    success: 200,
    query: listJobsQuery,
  },
  {
    operation: 'deleteJob',
    method: 'DELETE',
    path: JOB,
    role: 'operator',
    summary: 'Delete a job in any status, with all that it left; its id is free at once',
    success: 204,
  },
  {
    operation: 'getJobStatus',
    method: 'GET',
    path: `${JOB}/status`,
    role: 'viewer',
    summary: 'Read only the status, as a JSON string',
    success: 200,
  },
  {
    operation: 'isJobActive',
    method: 'GET',
    path: `${JOB}/isActive`,
    role: 'viewer',
    summary: 'Whether work of the job should be done, as a JSON boolean; false for an unknown job',
    success: 200,
  },
  {
    operation: 'cancelJob',
    method: 'POST',
    path: `${JOB}/cancel`,
    role: 'operator',
    summary: 'Cancel a job that is not final',
    success: 204,
    body: noBody,
  },
  {
    operation: 'pauseJob',
    method: 'POST',
    path: `${JOB}/pause`,
    role: 'operator',
    summary: 'Pause a job: what was begun may finish, the rest is held for as long as it takes',
    success: 204,
    body: noBody,
  },
  {
    operation: 'resumeJob',
    method: 'POST',
    path: `${JOB}/resume`,
    role: 'operator',
    summary: 'Resume a paused job where it stopped, or let one that was created held begin',
    success: 204,
    body: noBody,
  },
  ...MANY_JOBS_ROUTES,
  {
    operation: 'retryJob',
    method: 'POST',
    path: `${JOB}/retry`,
    role: 'operator',
    summary: 'Do the failed items of a job again, all or some, with their payload patched if wished',
    success: 202,
    body: retryJobBody,
  },
  {
    operation: 'resubmitJob',
    method: 'POST',
    path: `${JOB}/resubmit`,
    role: 'operator',
    summary: 'Create a new job from the captured request of one that is over',
    success: 201,
    body: resubmitJobBody,
  },
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
  {
    operation: 'createUpload',
    method: 'POST',
    path: '/partitions/{p}/uploads',
    role: 'operator',
    summary: 'Get an address to upload an input to, which jobs then name as upload:<id>',
    success: 201,
    body: createUploadBody,
  },
  {
    operation: 'listSplitters',
    method: 'GET',
    path: '/splitters',
    role: 'viewer',
    summary: 'List the splitters that are deployed, with the schemas of their definitions',
    success: 200,
  },
  {
    operation: 'listWorkers',
    method: 'GET',
    path: '/workers',
    role: 'viewer',
    summary: 'List the workers that are deployed, with the schemas of their parameters',
    success: 200,
  },
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
  {
    operation: 'getHealth',
    method: 'GET',
    path: '/health',
    role: 'open',
    summary: 'Whether the API answers, and its version',
    success: 200,
  },
  {
    operation: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    role: 'open',
    summary: 'This API as an OpenAPI 3.1 document',
    success: 200,
  },
] as const satisfies readonly Route[];

type AnyRoute = (typeof ROUTES)[number];
export type Operation = AnyRoute['operation'];
type RouteOf<O extends Operation> = Extract<AnyRoute, { operation: O }>;

/** The query of an operation as its handler gets it. */
export type QueryOf<O extends Operation> =
  RouteOf<O> extends { query: infer Q extends z.ZodType } ? z.output<Q> : Record<never, never>;

/** The body of an operation as its handler gets it. */
export type BodyOf<O extends Operation> =
  RouteOf<O> extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;

/** Who calls an operation; an open one may be called by anybody. */
export type CallerOf<O extends Operation> = RouteOf<O>['role'] extends 'open' ? undefined : Claims;

type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The path parameters of an operation, decoded. */
export type ParametersOf<O extends Operation> = Readonly<Record<NamesIn<RouteOf<O>['path']>, string>>;

/** What the OpenAPI document and the log call a route. */
export function operationId({ operation, view }: Pick<Route, 'operation' | 'view'>): string {
  return view === undefined ? operation : `${view}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

/** The names in braces of a path, in order. */
export function pathParameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
}

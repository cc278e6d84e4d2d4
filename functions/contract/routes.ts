/**
 * The route table of the API. The handler dispatches and validates with it, the stack creates its resources
 * from it, and the OpenAPI document is generated from it. Each file in `routes` has the routes of one
 * resource; `caf-routes.ts` adds those of the CAF contract.
 */
import type * as z from 'zod';
import type { Claims } from './claims.ts';
import type { Route } from './route.ts';
import { JOB_DETAIL_ROUTES } from './routes/job-details.ts';
import { JOB_TYPE_ROUTES } from './routes/job-types.ts';
import { JOB_ROUTES } from './routes/jobs.ts';
import { MANY_JOBS_ROUTES } from './routes/many-jobs.ts';
import { PARTITION_ROUTES } from './routes/partitions.ts';
import { QUEUE_ROUTES } from './routes/queues.ts';
import { SERVICE_ROUTES } from './routes/service.ts';
import { TEMPLATE_ROUTES } from './routes/templates.ts';
import { UPLOAD_ROUTES } from './routes/uploads.ts';

/** Groups of routes, as tags of the OpenAPI document. */
export const ROUTE_GROUPS: readonly RouteGroup[] = [
  { name: 'Jobs', description: 'Create, read, edit, control and delete single jobs.', routes: JOB_ROUTES },
  {
    name: 'Job details',
    description: 'Items, failures, results, tasks, history, request and cost of a job.',
    routes: JOB_DETAIL_ROUTES,
  },
  {
    name: 'Many jobs',
    description: 'Bulk actions, counts and statistics over all jobs that match criteria.',
    routes: MANY_JOBS_ROUTES,
  },
  {
    name: 'Uploads',
    description: 'Upload, list and delete input files, which jobs refer to by id.',
    routes: UPLOAD_ROUTES,
  },
  {
    name: 'Templates',
    description: 'Define steps and the flow between them, for jobs with several workers.',
    routes: TEMPLATE_ROUTES,
  },
  {
    name: 'Job types',
    description: 'Define named kinds of work, with a schema of their parameters.',
    routes: JOB_TYPE_ROUTES,
  },
  { name: 'Partitions', description: 'Settings and slots of a partition.', routes: PARTITION_ROUTES },
  {
    name: 'Queues',
    description: 'Depths of the queues, and messages that no handler accepted.',
    routes: QUEUE_ROUTES,
  },
  { name: 'Service', description: 'Workers, splitters, health and this document.', routes: SERVICE_ROUTES },
];

interface RouteGroup {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}

export const ROUTES = [
  ...JOB_ROUTES,
  ...MANY_JOBS_ROUTES,
  ...JOB_DETAIL_ROUTES,
  ...PARTITION_ROUTES,
  ...UPLOAD_ROUTES,
  ...JOB_TYPE_ROUTES,
  ...TEMPLATE_ROUTES,
  ...QUEUE_ROUTES,
  ...SERVICE_ROUTES,
] as const satisfies readonly Route[];

type AnyRoute = (typeof ROUTES)[number];
export type Operation = AnyRoute['operation'];
type RouteOf<O extends Operation> = Extract<AnyRoute, { operation: O }>;

/** The query of an operation as its handler receives it. */
export type QueryOf<O extends Operation> =
  RouteOf<O> extends { query: infer Q extends z.ZodType } ? z.output<Q> : Record<never, never>;

/** The body of an operation as its handler receives it. */
export type BodyOf<O extends Operation> =
  RouteOf<O> extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;

type ResponseIn<A> = A extends { response: infer R extends z.ZodType } ? Readonly<z.input<R>> : never;

/** The response body of an operation, if it has one. */
export type ResponseOf<O extends Operation> =
  | ResponseIn<RouteOf<O>>
  | (RouteOf<O> extends { also: infer A } ? ResponseIn<A[keyof A]> : never);

/**
 * The headers that the handler of an operation may read. `Accept` is not a parameter in OpenAPI, because it
 * selects one of the media types of the response.
 */
export type RequestHeaderOf<O extends Operation> =
  | (RouteOf<O> extends { requestHeaders: readonly (infer H extends string)[] } ? H : never)
  | (RouteOf<O> extends { lines: z.ZodType } ? 'Accept' : never);

/** The caller of an operation: its claims, or `undefined` for an open operation. */
export type CallerOf<O extends Operation> = RouteOf<O>['role'] extends 'open' ? undefined : Claims;

type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The path parameters of an operation, decoded. */
export type ParametersOf<O extends Operation> = Readonly<Record<NamesIn<RouteOf<O>['path']>, string>>;

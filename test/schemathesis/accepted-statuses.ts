/** Error statuses that schemathesis accepts for requests that are valid by the OpenAPI document, with the reasons. */
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { createJobBody } from '#contract/create-job.ts';
import { jobTypeBody } from '#contract/job-type.ts';
import { retryJobBody } from '#contract/retry-job.ts';
import { operationId, type Route } from '#contract/route.ts';
import { templateBody } from '#contract/template.ts';
import { createUploadBody } from '#contract/uploads.ts';

export interface AcceptedStatuses {
  readonly statuses: readonly number[];
  readonly applies: (route: Route) => boolean;
  readonly reason: string;
}

export const ACCEPTED_STATUSES: readonly AcceptedStatuses[] = [
  {
    statuses: [412],
    applies: ({ requestHeaders = [] }) => requestHeaders.includes('If-Match'),
    reason: 'A schema cannot state which ETag is current.',
  },
  {
    statuses: [422],
    applies: ({ problems = [] }) => problems.includes(422),
    reason: 'A schema cannot state which keys were used before, or how many jobs a query finds.',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === createJobBody,
    reason:
      'The deployment decides which splitters, workers, job types and templates exist, and which parameters they accept.',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === retryJobBody,
    reason:
      'A patch can be any JSON, but the API refuses integers beyond 2^53 − 1. A schema cannot state this.',
  },
  {
    statuses: [413],
    applies: ({ body }) => body === createUploadBody,
    reason: 'The maximum size of an upload is a setting of the stack.',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === jobTypeBody || body === templateBody,
    reason:
      'A schema cannot state that a mapping is valid JSONata, that a schema is valid, or that a flow can run.',
  },
];

/** Statuses that schemathesis accepts by default. */
const DEFAULT_STATUSES = ['2xx', '3xx', '401', '403', '404', '409', '429', '5xx'];

/** Returns sections of the schemathesis configuration, one for each operation with additional statuses. */
export function operationSections(routes: readonly Route[] = ALL_ROUTES): string {
  return routes
    .map((route) => [route, ACCEPTED_STATUSES.filter(({ applies }) => applies(route))] as const)
    .filter(([, accepted]) => accepted.length > 0)
    .map(([route, accepted]) => {
      const statuses = [...DEFAULT_STATUSES, ...accepted.flatMap(({ statuses: extra }) => extra.map(String))];
      return [
        '[[operations]]',
        `include-operation-id = ${JSON.stringify(operationId(route))}`,
        `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(statuses)}`,
      ].join('\n');
    })
    .join('\n\n');
}

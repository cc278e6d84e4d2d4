/**
 * Findings of schemathesis that are not contract errors: the responses that it has to accept, with the
 * reasons.
 */
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { createJobBody } from '#contract/create-job.ts';
import { jobTypeBody } from '#contract/job-type.ts';
import { retryJobBody } from '#contract/retry-job.ts';
import { operationId, type Route } from '#contract/route.ts';
import { templateBody } from '#contract/template.ts';
import { createUploadBody } from '#contract/uploads.ts';

export interface Departure {
  /** Statuses of responses to requests that the document allows. */
  readonly statuses: readonly number[];
  readonly applies: (route: Route) => boolean;
  readonly reason: string;
}

export const DEPARTURES: readonly Departure[] = [
  {
    statuses: [412],
    applies: ({ requestHeaders = [] }) => requestHeaders.includes('If-Match'),
    reason: 'Whether an ETag is the current one is known to the state, not to a schema.',
  },
  {
    statuses: [422],
    applies: ({ problems = [] }) => problems.includes(422),
    reason:
      'Whether a key was used before, or a query has too many jobs, is known to the state, not to a schema.',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === createJobBody,
    reason:
      'Splitters, workers, job types and templates, and what they take, are those of the deployment (GET /splitters and others).',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === retryJobBody,
    reason: 'A patch is any JSON, and integers beyond 2^53 − 1 are refused in every body: no schema says so.',
  },
  {
    statuses: [413],
    applies: ({ body }) => body === createUploadBody,
    reason: 'How large an upload may be is a setting of the stack.',
  },
  {
    statuses: [400],
    applies: ({ body }) => body === jobTypeBody || body === templateBody,
    reason:
      'A mapping is JSONata, a schema is JSON Schema, and a flow must be able to run: no schema says so.',
  },
];

/** Statuses that schemathesis accepts by default. */
const USUAL_STATUSES = ['2xx', '3xx', '401', '403', '404', '409', '429', '5xx'];

/** Returns sections of the schemathesis configuration, one for each operation with additional statuses. */
export function departureSections(routes: readonly Route[] = ALL_ROUTES): string {
  return routes
    .map((route) => [route, DEPARTURES.filter(({ applies }) => applies(route))] as const)
    .filter(([, departures]) => departures.length > 0)
    .map(([route, departures]) => {
      const statuses = [
        ...USUAL_STATUSES,
        ...departures.flatMap((departure) => departure.statuses.map(String)),
      ];
      return [
        '[[operations]]',
        `include-operation-id = ${JSON.stringify(operationId(route))}`,
        `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(statuses)}`,
      ].join('\n');
    })
    .join('\n\n');
}

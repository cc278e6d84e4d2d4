/**
 * Responses of a route in the OpenAPI document: its own successes, and the problems that follow from its row.
 */
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Json, SchemaComponents } from './openapi-schemas.ts';
import { PROBLEM_TYPE, PROBLEMS, problemSchema } from './problem.ts';
import { type HeaderName, RESPONSE_HEADERS } from './response-headers.ts';
import { pathParameterNames, type Route, type RouteResponse } from './route.ts';

const LINES_TYPE = 'application/x-ndjson';

/** Also returned by API Gateway itself, for the requests of all partitions together. */
const TOO_MANY = 429;

const PROBLEM_HEADERS: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  [TOO_MANY]: ['Retry-After'],
  503: ['Retry-After'],
};

/** Returns the responses by status. Any other status would be an error of the service. */
export function responsesOf(route: Route, schemas: SchemaComponents): Json {
  const { success, also = {} } = route;
  const { when, ...main } = { when: success === 204 ? 'Done' : 'Success', ...route };
  const others = Object.entries(also).map(([status, answer]) => [
    status,
    responseOf(answer, answer.when, schemas),
  ]);
  return {
    [success]: responseOf(main, when, schemas),
    ...Object.fromEntries(others),
    ...Object.fromEntries(problemsOf(route).map((status) => [status, { $ref: problemRef(status) }])),
  };
}

function responseOf(
  { response, lines, headers = [] }: RouteResponse,
  description: string,
  schemas: SchemaComponents,
): Json {
  const json = response && { 'application/json': { schema: schemas.of(response) } };
  const text = lines && {
    // OpenAPI 3.1 has no keyword for the schema of a line.
    [LINES_TYPE]: { schema: { type: 'string' }, 'x-line-schema': schemas.of(lines) },
  };
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: headerRefs(headers) }),
    ...omitUndefined({ content: json && { ...json, ...text } }),
  };
}

function problemsOf({ role, path, body, problems = [] }: Route): number[] {
  return [
    // Every route rejects unknown parameters.
    400,
    ...(role === 'open' ? [] : [401]),
    ...(role === 'open' || role === 'viewer' ? [] : [403]),
    ...(pathParameterNames(path).length === 0 ? [] : [404]),
    ...problems,
    ...(body === undefined ? [] : [413]),
    TOO_MANY,
    503,
  ];
}

function problemRef(status: number): string {
  return `#/components/responses/${problemName(status)}`;
}

function problemName(status: number): string {
  return `Problem${status}`;
}

function headerRefs(names: readonly HeaderName[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

export function problemComponents(schemas: SchemaComponents): Json {
  const statuses = new Set<number>(Object.values(PROBLEMS).map(({ status }) => status));
  const documentedStatuses = [...statuses]
    .filter((status) => status !== 405 && status !== 500)
    .sort((a, b) => a - b);
  return Object.fromEntries(
    documentedStatuses.map((status) => [problemName(status), problemComponent(status, schemas)]),
  );
}

function problemComponent(status: number, schemas: SchemaComponents): Json {
  const codes = Object.entries(PROBLEMS).filter(([, problem]) => problem.status === status);
  const description = codes.map(([code, { title }]) => `${title} (${code})`).join(' · ');
  const headers = PROBLEM_HEADERS[status];
  return {
    description,
    ...omitUndefined({ headers: headers && headerRefs(headers) }),
    content: {
      [PROBLEM_TYPE]: {
        schema: { ...schemas.of(problemSchema), properties: { status: { const: status } } },
      },
    },
  };
}

export function headerComponents(): Json {
  const headers = Object.entries(RESPONSE_HEADERS).map(([name, header]) => {
    const { description, pattern } = header;
    return [name, { description, required: !('sometimes' in header), schema: { type: 'string', pattern } }];
  });
  return Object.fromEntries(headers);
}

/** The OpenAPI 3.1 document of the route table, generated from the schemas that validate requests. */
import type * as z from 'zod';
import { omitUndefined } from '#core/omit-undefined.ts';
import { ALL_ROUTES } from './caf-routes.ts';
import { headerComponents, problemComponents, responsesOf } from './openapi-responses.ts';
import { type Json, parameterSchema, SchemaComponents } from './openapi-schemas.ts';
import { pathParameter, pathParameterSchema } from './path-parameters.ts';
import { CORRELATION_HEADERS, REQUEST_HEADERS, type RequestHeader } from './request-headers.ts';
import { operationId, pathParameterNames, type Route, weightOf } from './route.ts';
import { ROUTE_GROUPS } from './routes.ts';

export function openApiDocument(version: string) {
  const schemas = new SchemaComponents();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ALL_ROUTES) {
    const methods = paths[route.path] ?? {};
    methods[route.method.toLowerCase()] = operationOf(route, schemas);
    paths[route.path] = methods;
  }
  const responses = problemComponents(schemas);
  return {
    openapi: '3.1.0' as const,
    info: { title: 'jobtree', version, description: 'A serverless batch job service.' },
    servers: [{ url: '.', description: 'The address of this document' }],
    tags: [...ROUTE_GROUPS.map(({ name, description }) => ({ name, description })), CAF_TAG],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: schemas.all(),
      responses,
      parameters: headerParameterComponents(),
      headers: headerComponents(),
    },
  };
}

function operationOf(route: Route, schemas: SchemaComponents): Json {
  const { summary, role, path, forAllPartitions } = route;
  return {
    operationId: operationId(route),
    summary,
    tags: [tagOf(route)],
    security: role === 'open' ? [] : [{ token: [] }],
    ...(role === 'open' ? {} : { 'x-role': role }),
    ...(forAllPartitions ? { 'x-partitions': ['*'] } : {}),
    'x-weight': weightOf(route),
    parameters: [
      ...pathParameterNames(path).map((name) => pathParameterOf(path, name)),
      ...queryParameters(route),
      ...headerParameters(route),
    ],
    ...requestBody(route, schemas),
    responses: responsesOf(route, schemas),
  };
}

const CAF_TAG = {
  name: 'CAF',
  description: 'The contract of the CAF Job Service, for its existing clients.',
};

function tagOf({ operation, view }: Route): string {
  if (view === 'caf') return CAF_TAG.name;
  const group = ROUTE_GROUPS.find(({ routes }) => routes.some((route) => route.operation === operation));
  if (group === undefined) throw new Error(`the operation ${operation} belongs to no group of routes`);
  return group.name;
}

function pathParameterOf(path: string, name: string): Json {
  const parameter = pathParameter(path, name);
  const { description } = parameter;
  return { name, in: 'path', required: true, description, schema: pathParameterSchema(parameter) };
}

function queryParameters({ query }: Route): Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = parameterSchema(field as z.ZodType);
    const describedBy = typeof description === 'string' ? { description } : {};
    return { name, in: 'query', required: false, ...describedBy, schema };
  });
}

function headerParameters({ requestHeaders = [] }: Route): Json[] {
  const names = [...requestHeaders, ...Object.keys(CORRELATION_HEADERS)];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function headerParameterComponents(): Json {
  const headers = Object.entries<RequestHeader>({ ...REQUEST_HEADERS, ...CORRELATION_HEADERS });
  return Object.fromEntries(
    headers.map(([name, { description, pattern, format }]) => {
      const schema = { type: 'string', ...omitUndefined({ pattern, format }) };
      return [name, { name, in: 'header', required: false, description, schema }];
    }),
  );
}

function requestBody({ body, bodyTypes = ['application/json'] }: Route, schemas: SchemaComponents): Json {
  if (body === undefined) return {};
  const required = !body.safeParse(undefined).success;
  const schema = schemas.of(body);
  return {
    requestBody: { required, content: Object.fromEntries(bodyTypes.map((type) => [type, { schema }])) },
  };
}

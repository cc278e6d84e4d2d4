/** The OpenAPI 3.1 document of the route table: what validates is what is shown. */
import * as z from 'zod';
import { ALL_ROUTES } from './caf-routes.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { operationId, pathParameterNames, type Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const PARAMETER_NAMES: Readonly<Record<string, string>> = {
  p: 'Partition id',
  j: 'Job id',
  name: 'Name',
  b: 'Bulk operation id',
};

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'message', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    message: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string' },
          parameter: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ALL_ROUTES) {
    const methods = paths[route.path] ?? {};
    methods[route.method.toLowerCase()] = operationOf(route);
    paths[route.path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'jobtree', version, description: 'A serverless batch job service.' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: PROBLEM },
    },
  };
}

function operationOf(route: Route): Json {
  const { summary, role, success, mayGoOn, body, bodyTypes, path } = route;
  const failure = { $ref: '#/components/schemas/Problem' };
  return {
    operationId: operationId(route),
    summary,
    security: role === 'open' ? [] : [{ token: [] }],
    ...(role === 'open' ? {} : { 'x-role': role }),
    parameters: [...pathParameterNames(path).map(pathParameter), ...queryParameters(route)],
    ...(body === undefined ? {} : { requestBody: requestBody(body, bodyTypes) }),
    responses: {
      [success]: { description: success === 204 ? 'Done' : 'The answer' },
      ...(mayGoOn === true ? { 202: { description: 'The rest goes on in the background' } } : {}),
      default: { description: 'A problem', content: { [PROBLEM_TYPE]: { schema: failure } } },
    },
  };
}

function pathParameter(name: string): Json {
  const description = PARAMETER_NAMES[name] ?? name;
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

function queryParameters({ query }: Route): Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = schemaOf(field as z.ZodType, 'output');
    const about = typeof description === 'string' ? { description } : {};
    return { name, in: 'query', required: false, ...about, schema };
  });
}

function requestBody(body: z.ZodType, types: readonly string[] = ['application/json']): Json {
  const required = !body.safeParse(undefined).success;
  const schema = schemaOf(body, 'input');
  return { required, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

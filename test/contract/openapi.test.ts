import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { openApiDocument } from '#contract/openapi.ts';
import { operationId, pathParameterNames } from '#contract/route.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of any form
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as any;
const { schemas, responses, headers, parameters: shared } = document.components;

const operations: [string, string, Operation][] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as object).map(([method, operation]): [string, string, Operation] => [
    path,
    method,
    operation,
  ]),
);

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  // biome-ignore lint/suspicious/noExplicitAny: accessed by name
  readonly requestBody?: any;
  // biome-ignore lint/suspicious/noExplicitAny: accessed by name
  readonly responses: Readonly<Record<string, any>>;
}

interface Parameter {
  readonly $ref?: never;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}

/** Every object of the document. */
function objectsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : [value as Readonly<Record<string, unknown>>];
  return [...own, ...Object.values(value).flatMap(objectsIn)];
}

function atPointer(reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce((place, step) => place?.[step], document);
}

function resolved(value: { readonly $ref?: string }) {
  return value.$ref === undefined ? value : atPointer(value.$ref);
}

function parametersOf({ parameters }: Operation): Parameter[] {
  return parameters.map((parameter) => resolved(parameter) as Parameter);
}

describe('the OpenAPI document', () => {
  test('describes every route with its parameters, and nothing else', () => {
    for (const route of ALL_ROUTES) {
      const described = document.paths[route.path][route.method.toLowerCase()];
      expect(described.operationId).toBe(operationId(route));
    }
    expect(operations).toHaveLength(ALL_ROUTES.length);
  });

  test('has one tag for each operation, described in the list of tags', () => {
    const described = document.tags.map(({ name, description }: Record<string, string>) => {
      expect(description).toMatch(/^[A-Z].*\.$/);
      return name;
    });
    const used = operations.map(([, , { tags }]) => tags);

    expect(used.filter((tags) => tags.length !== 1)).toEqual([]);
    expect(new Set(used.flat())).toEqual(new Set(described));
    expect(new Set(described).size).toBe(described.length);
  });

  test('has each operation id once', () => {
    const ids = operations.map(([, , operation]) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });

  test('declares the parameters of each path, all of them required, and no parameter twice', () => {
    for (const [path, , operation] of operations) {
      const parameters = parametersOf(operation);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(pathParameterNames(path));
      expect(inPath.every(({ required }) => required)).toBe(true);
      const places = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  test('resolves every reference, and uses every component', () => {
    const references = objectsIn(document)
      .map(({ $ref }) => $ref)
      .filter((reference) => typeof reference === 'string');

    for (const reference of references) expect(atPointer(reference), reference).toBeDefined();
    const components = Object.entries({ schemas, responses, headers, parameters: shared }).flatMap(
      ([kind, named]) => Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect(new Set(references)).toEqual(new Set(components));
  });

  test('contains schemas of the dialect of OpenAPI 3.1', () => {
    const ajv = new Ajv2020({ strict: false });
    const all = objectsIn(document).flatMap(({ schema }) => (schema === undefined ? [] : [schema as object]));

    for (const schema of [...all, ...(Object.values(schemas) as object[])]) {
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
    }
  });

  test('shows examples that its schemas allow', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const shown = (Object.values(schemas) as { examples?: unknown[] }[]).filter(({ examples }) => examples);

    for (const schema of shown) {
      const check = ajv.compile({ ...schema, components: document.components });
      for (const example of schema.examples ?? []) {
        expect(check(example), JSON.stringify(check.errors)).toBe(true);
      }
    }
    expect(shown.length).toBeGreaterThan(0);
  });

  test('shows the schemas that validate', () => {
    const { requestBody } = document.paths['/partitions/{p}/jobs'].post;
    const { parameters } = document.paths['/partitions/{p}/jobs'].get;
    const limit = parameters.find(({ name }: { name: string }) => name === 'limit');

    expect(requestBody.required).toBe(true);
    const { batch, priority } = schemas.JobRequest.properties;
    expect(batch).toEqual({ $ref: '#/components/schemas/BatchRequest' });
    expect(requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/JobRequest',
    });
    expect(schemas.BatchRequest.required).toEqual(['splitter', 'definition', 'worker']);
    expect(priority).toMatchObject({ type: 'integer', minimum: 0, maximum: 9, default: 4 });
    expect(limit.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 1000 });
  });

  test('declares the headers that each route reads, and those that all routes read', () => {
    for (const { method, path, requestHeaders = [] } of ALL_ROUTES) {
      const inHeader = parametersOf(document.paths[path][method.toLowerCase()])
        .filter((parameter) => parameter.in === 'header')
        .map(({ name }) => name);
      expect(inHeader).toEqual([...requestHeaders, 'traceparent', 'CAF-Correlation-Id']);
    }
    const { editJob, createJob } = Object.fromEntries(operations.map(([, , one]) => [one.operationId, one]));
    expect(
      [editJob, createJob].map((one) => one && parametersOf(one).some(({ name }) => name === 'If-Match')),
    ).toEqual([true, false]);
  });

  test('describes headers with matching patterns', () => {
    const fits = (name: string, value: string) => new RegExp(shared[name].schema.pattern).test(value);

    for (const tags of ['"1.0"', 'W/"1.0"', '"1.0", "2.0"', '*'])
      expect(fits('If-Match', tags), tags).toBe(true);
    for (const tags of ['1.0', '', '"1" "2"']) expect(fits('If-None-Match', tags), tags).toBe(false);
    expect(['key-1', 'a b', ''].map((key) => fits('Idempotency-Key', key))).toEqual([true, false, false]);
  });

  test('requires a token for every route that does', () => {
    for (const { method, path, role } of ALL_ROUTES) {
      const { security } = document.paths[path][method.toLowerCase()];
      expect(security).toEqual(role === 'open' ? [] : [{ token: [] }]);
    }
  });
});

describe('the responses of the OpenAPI document', () => {
  test('are those of the row and those that follow from it', () => {
    for (const { method, path, success, also = {} } of ALL_ROUTES) {
      const described = Object.keys(document.paths[path][method.toLowerCase()].responses);
      const successes = described.filter((status) => Number(status) < 400);
      expect(successes.toSorted()).toEqual([String(success), ...Object.keys(also)].toSorted());
    }
  });

  test('have a schema, unless the body is empty', () => {
    const empty = operations.flatMap(([, method, operation]) =>
      Object.entries(operation.responses)
        .filter(([, response]) => (resolved(response) as { content?: object }).content === undefined)
        .map(([status]) => `${method} ${operation.operationId} ${status}`),
    );

    const unexpected = empty.filter((answer) => !/ (204|304)$/.test(answer));
    expect(unexpected).toEqual(['put cafPutJob 201']);
  });

  test('are objects that allow no other members', () => {
    const open = Object.entries(schemas as Record<string, { type?: string; additionalProperties?: unknown }>)
      .filter(([, schema]) => schema.type === 'object' && schema.additionalProperties !== false)
      .map(([name]) => name);

    expect(open).toEqual([]);
  });

  test('include no status that would be an error of the service', () => {
    const statuses = new Set(operations.flatMap(([, , operation]) => Object.keys(operation.responses)));

    expect([...statuses].filter((status) => !/^[2-4]\d\d$/.test(status))).toEqual(['503']);
  });
});

test('a job of the CAF contract has ten properties and six statuses', () => {
  expect(Object.keys(schemas.CafJob.properties).toSorted()).toEqual([
    'createTime',
    'description',
    'externalData',
    'failures',
    'id',
    'labels',
    'lastUpdateTime',
    'name',
    'percentageComplete',
    'status',
  ]);
  expect(schemas.CafJob.properties.failures.items.required).toEqual([
    'failureId',
    'failureTime',
    'failureSource',
    'failureMessage',
  ]);
  expect(schemas.CafStatus.enum).toHaveLength(6);
});

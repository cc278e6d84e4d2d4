import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { PROBLEMS } from '#contract/problem.ts';
import { operationId, pathParameterNames } from '#contract/route.ts';
import { OPERATIONS } from '../../functions/jobs-api/operations.ts';
import type { OperationHandler } from '../../functions/jobs-api/request.ts';
import { jobTypes } from '../../functions/jobs-api/routes/job-types.ts';

describe('the route table', () => {
  test('has each operation, and each method of a path, once', () => {
    const operations = ALL_ROUTES.map(operationId);
    const places = ALL_ROUTES.map(({ method, path }) => `${method} ${path}`);

    expect(new Set(operations).size).toBe(ALL_ROUTES.length);
    expect(new Set(places).size).toBe(ALL_ROUTES.length);
  });

  test('has a handler for each operation, and no handler more', () => {
    const operations = new Set(ALL_ROUTES.map(({ operation }) => operation));

    expect(new Set(Object.keys(OPERATIONS))).toEqual(operations);
  });

  test('lets a handler read and pass on only the headers of its row', () => {
    const reads: OperationHandler<'putJob'> = async ({ header }) => {
      // @ts-expect-error The row of putJob has no headers.
      header('If-Match');
      return { status: 204 };
    };
    const handsOn: OperationHandler<'listJobTypes'> = async (request, ports) => {
      // @ts-expect-error Nor has that of listJobTypes.
      await jobTypes.get({ ...request, parameters: { name: 'any' } }, ports);
      return { status: 200, body: [] };
    };

    expect([reads, handsOn]).toHaveLength(2);
  });

  test('requires a token for every partition', () => {
    const open = ALL_ROUTES.filter(({ role }) => role === 'open').map(({ path }) => path);

    expect(open).toEqual(['/health', '/openapi.json']);
    expect(open.flatMap(pathParameterNames)).toEqual([]);
  });

  test('allows a viewer only to read', () => {
    const forViewers = ALL_ROUTES.filter(({ role }) => role === 'viewer');

    expect(new Set(forViewers.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});

test('every problem code is explained in the docs', async () => {
  const text = await readFile(new URL('../../docs/reference/http-api.md', import.meta.url), 'utf8');

  for (const code of Object.keys(PROBLEMS)) expect(text).toContain(`<a id="${code}">`);
});

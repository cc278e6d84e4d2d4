/** What is deployed, and whether the API responds. */
import { openApiDocument } from '#contract/openapi.ts';
import type { OperationHandler } from '../request.ts';

export const listSplitters: OperationHandler<'listSplitters'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.splitters,
});

export const listWorkers: OperationHandler<'listWorkers'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.workers,
});

/** Touches no store: it tells whether the API answers, not whether all is well behind it. */
export const getHealth: OperationHandler<'getHealth'> = async (_request, { version }) => ({
  status: 200,
  body: { status: 'ok', version },
});

export const getOpenApi: OperationHandler<'getOpenApi'> = async (_request, { version }) => ({
  status: 200,
  body: openApiDocument(version),
});

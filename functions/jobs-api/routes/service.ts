/** The deployed splitters and workers, the health of the API and its OpenAPI document. */
import type { OperationHandler } from '../request.ts';

export const listSplitters: OperationHandler<'listSplitters'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.splitters,
});

export const listWorkers: OperationHandler<'listWorkers'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.workers,
});

/** Accesses no store. It shows that the API responds, not that the services behind it work. */
export const getHealth: OperationHandler<'getHealth'> = async (_request, { version }) => ({
  status: 200,
  body: { status: 'ok', version },
});

export const getOpenApi: OperationHandler<'getOpenApi'> = async (_request, { version }) => {
  // Few requests need the document.
  const { openApiDocument } = await import('#contract/openapi.ts');
  return { status: 200, body: openApiDocument(version) };
};

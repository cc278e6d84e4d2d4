import { openApiDocument } from '#contract/openapi.ts';
import type { OperationHandler } from '../request.ts';

export const getOpenApi: OperationHandler<'getOpenApi'> = async (_request, { version }) => ({
  status: 200,
  body: openApiDocument(version),
});

import type { OperationHandler } from '../request.ts';

export const listSplitters: OperationHandler<'listSplitters'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.splitters,
});

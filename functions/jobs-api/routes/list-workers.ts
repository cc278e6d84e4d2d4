import type { OperationHandler } from '../request.ts';

export const listWorkers: OperationHandler<'listWorkers'> = async (_request, { registry }) => ({
  status: 200,
  body: registry.workers,
});

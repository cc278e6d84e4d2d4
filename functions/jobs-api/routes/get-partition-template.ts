import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const getPartitionTemplate: OperationHandler<'getPartitionTemplate'> = (request, tools) =>
  templates.get(request, tools);

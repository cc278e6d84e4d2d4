import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const listPartitionTemplates: OperationHandler<'listPartitionTemplates'> = (request, tools) =>
  templates.list(request, tools);

import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const listTemplates: OperationHandler<'listTemplates'> = (request, tools) =>
  templates.list(request, tools);

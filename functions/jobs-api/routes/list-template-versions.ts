import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const listTemplateVersions: OperationHandler<'listTemplateVersions'> = (request, tools) =>
  templates.versions(request, tools);

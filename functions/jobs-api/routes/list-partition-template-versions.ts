import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const listPartitionTemplateVersions: OperationHandler<'listPartitionTemplateVersions'> = (
  request,
  tools,
) => templates.versions(request, tools);

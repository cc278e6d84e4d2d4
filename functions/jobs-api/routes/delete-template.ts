import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

/** Its state machine stays: jobs that were created by it may still wait to be started. */
export const deleteTemplate: OperationHandler<'deleteTemplate'> = (request, tools) =>
  templates.delete(request, tools);

import type { OperationHandler } from '../request.ts';
import { templates } from '../templates/templates.ts';

export const getTemplate: OperationHandler<'getTemplate'> = (request, tools) => templates.get(request, tools);

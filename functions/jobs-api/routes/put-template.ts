import type { OperationHandler } from '../request.ts';
import { putAnyTemplate } from '../templates/put-template.ts';

export const putTemplate: OperationHandler<'putTemplate'> = putAnyTemplate;

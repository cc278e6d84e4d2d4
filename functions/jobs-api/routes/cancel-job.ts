import { controlJob } from '../control-job.ts';
import type { OperationHandler } from '../request.ts';

export const cancelJob: OperationHandler<'cancelJob'> = (request, tools) =>
  controlJob(request, 'cancel', tools);

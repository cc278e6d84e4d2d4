import { controlJob } from '../control-job.ts';
import type { OperationHandler } from '../request.ts';

export const pauseJob: OperationHandler<'pauseJob'> = (request, tools) => controlJob(request, 'pause', tools);

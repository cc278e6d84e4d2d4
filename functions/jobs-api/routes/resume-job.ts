import { controlJob } from '../control-job.ts';
import type { OperationHandler } from '../request.ts';

export const resumeJob: OperationHandler<'resumeJob'> = (request, tools) =>
  controlJob(request, 'resume', tools);
